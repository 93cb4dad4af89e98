// Package catalog is what the trade knows and no notice says: which resources a
// service's name means (services.json), and which certificate authorities stand
// behind Azure's endpoints (cas.json). Both are data of this repository, one entry
// a line, sorted, and each entry names its source; they change by review, never at
// run time.
//
// An Index answers questions about them: Resolve finds a service however a notice
// spells it, ByThumbprint and its siblings find a CA, Descendants walks down a
// chain. It is built once, holds no state that changes, and may be shared.
package catalog
