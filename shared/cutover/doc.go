// Package cutover is the ground floor: the words of the trade as types.
//
// A Delivery arrives and is kept; reading it gives a Reading; readings fold into
// a Notice. Resources (from the inventory) and Findings (from repositories) are
// joined with it, and an Action is what one owner must do for one notice.
//
// The package stands on the standard library alone. It has no clock, no context
// and no rules that need one: rules live in package plan.
package cutover
