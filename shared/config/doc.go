// Package config reads the one YAML file that says where a company's notices,
// inventory and repositories are, who owns what, and where tickets and messages go.
//
// Reading is strict, because a misspelt key would silently leave something out: an
// unknown key, a wrong type or a value that cannot be is an error with file and
// line, and all errors are reported together. What a person may well have in the
// file on purpose (an entry that names no team) is a warning.
//
// Secrets never stand in the file: keys that end in _env name the environment
// variable that holds one. The reader refuses a literal secret and does not repeat it.
package config
