package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const validFor = 30 * 24 * time.Hour

// authority signs certificates and knows where they are kept.
type authority struct {
	folder      string
	certificate *x509.Certificate
	key         crypto.Signer
}

// runPki writes a new authority, a serving certificate for loopback, a client certificate for an administrator and a
// key for service accounts into a folder.
func runPki(args []string) error {
	flags := flag.NewFlagSet("pki", flag.ExitOnError)
	folder := flags.String("dir", "", "folder to write to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ca, err := newAuthority(*folder)
	if err != nil {
		return err
	}
	server := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)},
	}
	if err := ca.issue("server", server); err != nil {
		return err
	}
	admin := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if err := ca.issue("admin", admin); err != nil {
		return err
	}
	_, err = newKey(filepath.Join(*folder, "service-accounts.key"))
	return err
}

func newAuthority(folder string) (*authority, error) {
	key, err := newKey(filepath.Join(folder, "ca.key"))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "control-plane-test"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	ca := &authority{folder: folder, certificate: template, key: key}
	der, err := ca.sign("ca", template, key.Public())
	if err != nil {
		return nil, err
	}
	ca.certificate, err = x509.ParseCertificate(der)
	return ca, err
}

func (ca *authority) issue(name string, template *x509.Certificate) error {
	key, err := newKey(filepath.Join(ca.folder, name+".key"))
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	_, err = ca.sign(name, template, key.Public())
	return err
}

func (ca *authority) sign(name string, template *x509.Certificate, public crypto.PublicKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(validFor)
	der, err := x509.CreateCertificate(rand.Reader, template, ca.certificate, public, ca.key)
	if err != nil {
		return nil, err
	}
	return der, writePem(filepath.Join(ca.folder, name+".crt"), "CERTIFICATE", der)
}

func newKey(path string) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePem(path, "EC PRIVATE KEY", der)
}

func writePem(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
