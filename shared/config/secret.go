package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// namesSecret reports whether an unknown key would hold a secret.
func namesSecret(key string) bool {
	k := strings.ToLower(key)
	if strings.HasSuffix(k, "_env") {
		return false
	}
	words := []string{"token", "secret", "password", "passwd", "dsn", "connection_string", "api_key", "apikey", "credential"}
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(k, w) })
}

// secretAdvice says which keys of the section name an environment variable.
func (s *section) secretAdvice() string {
	var keys []string
	for _, k := range s.known {
		if strings.HasSuffix(k, "_env") {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return ": put it into an environment variable and name that with " + strings.Join(keys, " or ")
}

var (
	envName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)
	tokenLike = regexp.MustCompile(`^(gh[a-z]_|github_pat_|xox|sk_|glpat|AKIA)`)
)

// env reads the name of an environment variable. Whoever puts the secret itself
// there gets no echo of it.
func (s *section) env(key, otherwise string) string {
	v := s.text(key)
	switch {
	case v == "":
		return otherwise
	case !envName.MatchString(v) || tokenLike.MatchString(v):
		s.r.fail(s.at(key), "%s must be the name of an environment variable; what stands there is not shown, it may be the secret itself", s.name(key))
		return otherwise
	}
	return v
}

// address reads an http or https URL without credentials.
func (s *section) address(key string) string {
	v := s.text(key)
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	if err == nil && u.User != nil {
		s.r.fail(s.at(key), "%s must not hold a user or password", s.name(key))
		return ""
	}
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		s.r.fail(s.at(key), "%s must be an http or https URL", s.name(key))
		return ""
	}
	return v
}
