// Package testca makes certificates of invented authorities for tests, the same
// ones on each run, and their entries for a catalogue, so that no foreign
// certificate has to lie in the repository.
package testca

import (
	"crypto/ed25519"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"cutover/shared/cutover"
)

// Make gives the DER of a self-signed CA of that name. The key follows from the
// seed, the rest from the name and serial, so nothing is random.
func Make(tb testing.TB, cn string, seed byte, serial int64) []byte {
	tb.Helper()
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune('a'+seed%26)), ed25519.SeedSize)))
	return sign(tb, cn, key, key, nil, serial)
}

// Cross gives a certificate for the key of one seed, issued by another CA.
func Cross(tb testing.TB, cn string, seed byte, issuer []byte, issuerSeed byte, serial int64) []byte {
	tb.Helper()
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune('a'+seed%26)), ed25519.SeedSize)))
	by := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune('a'+issuerSeed%26)), ed25519.SeedSize)))
	parent, err := x509.ParseCertificate(issuer)
	if err != nil {
		tb.Fatal(err)
	}
	return sign(tb, cn, key, by, parent, serial)
}

func sign(tb testing.TB, cn string, key, by ed25519.PrivateKey, parent *x509.Certificate, serial int64) []byte {
	tb.Helper()
	t := &x509.Certificate{
		SerialNumber: big.NewInt(serial), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		Subject:   pkix.Name{CommonName: cn, Organization: []string{"Northwind Traders Trust Services"}, Country: []string{"IE"}},
		NotBefore: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2045, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	if parent == nil {
		parent = t
	}
	der, err := x509.CreateCertificate(nil, t, parent, key.Public(), by)
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

// CA is the catalogue's entry for a certificate.
func CA(tb testing.TB, der []byte) cutover.CA {
	tb.Helper()
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	s1, s2, key := sha1.Sum(der), sha256.Sum256(der), sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return cutover.CA{
		CN: c.Subject.CommonName, IssuerCN: c.Issuer.CommonName, Role: cutover.RoleRoot, SelfSigned: c.Subject.String() == c.Issuer.String(),
		SHA1: hex.EncodeToString(s1[:]), SHA256: hex.EncodeToString(s2[:]), SPKI: base64.StdEncoding.EncodeToString(key[:]),
	}
}

// PEM is the certificate in PEM.
func PEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
