package report

import "cutover/shared/cutover"

// kindTitle names a kind for people.
func kindTitle(kind string) string {
	switch kind {
	case cutover.FindPEM:
		return "Certificate in PEM"
	case cutover.FindDER:
		return "Certificate in DER"
	case cutover.FindBase64:
		return "Certificate in base64"
	case cutover.FindByteArray:
		return "Certificate as bytes in code"
	case cutover.FindSHA1:
		return "SHA-1 thumbprint"
	case cutover.FindSHA256:
		return "SHA-256 thumbprint"
	case cutover.FindSPKI:
		return "Public key pin"
	case cutover.FindCommonName:
		return "Name of a CA"
	case cutover.FindSDK:
		return "Library that packages CA certificates"
	case cutover.FindGap:
		return "Trust store without the new root"
	case cutover.FindBundle:
		return "Store of CA certificates"
	case "subject-dn":
		return "Distinguished name of a CA"
	case "file-name":
		return "File name of a CA certificate"
	case "url":
		return "Address of a CA certificate"
	case "jks", "pkcs12":
		return "Keystore"
	}
	return "Reference to a CA (" + kind + ")"
}

// kindHelp says what to do about a kind.
func kindHelp(kind string) string {
	switch kind {
	case cutover.FindPEM, cutover.FindDER, cutover.FindBase64, cutover.FindByteArray, "jks", "pkcs12", cutover.FindBundle, cutover.FindGap:
		return "Add the certificate of the new root beside the old one before the provider switches; remove the old one afterwards. Better: use the system's trust store."
	case cutover.FindSHA1, cutover.FindSHA256, cutover.FindSPKI:
		return "Add the new CA's value beside the old one before the provider switches; remove the old one afterwards. Better: do not pin a CA that you do not run."
	case cutover.FindSDK:
		return "Update to a version that uses the system's trust store."
	}
	return "Check what this place does with the CA. Where it downloads or compares, add the new CA before the provider switches."
}
