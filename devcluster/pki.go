package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

// authority is the cluster's own certificate authority. Elliptic keys, because the RSA keys that
// kube-apiserver would make for itself cost up to a second of the start.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// writePKI makes the certificates of one cluster: the serving one (API and simulated kubelet), the
// API server's client one for the kubelet, and the key that signs service account tokens.
func writePKI(state state) error {
	key, err := newKey()
	if err != nil {
		return err
	}
	self := authority{key: key, certificate: &x509.Certificate{
		Subject: pkix.Name{CommonName: "devcluster"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}}
	if err := self.issue(state.run("pki", "ca"), self.certificate, key); err != nil {
		return err
	}
	serving := &x509.Certificate{
		Subject: pkix.Name{CommonName: apiServer}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		KeyUsage: x509.KeyUsageDigitalSignature, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)},
		DNSNames: []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"},
	}
	client := &x509.Certificate{
		Subject: pkix.Name{CommonName: "kube-apiserver-kubelet-client"}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	for name, template := range map[string]*x509.Certificate{"serving": serving, "client": client} {
		key, err := newKey()
		if err != nil {
			return err
		}
		if err := self.issue(state.run("pki", name), template, key); err != nil {
			return err
		}
	}
	accounts, err := newKey()
	if err != nil {
		return err
	}
	return writeKey(state.run("pki", "accounts.key"), accounts)
}

func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// issue signs a certificate and writes it beside its key: <path>.crt and <path>.key.
func (a authority) issue(path string, template *x509.Certificate, key *ecdsa.PrivateKey) error {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return err
	}
	template.SerialNumber = serial
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0)
	signed, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return fmt.Errorf("cannot sign the certificate of %s: %w", template.Subject.CommonName, err)
	}
	if err := writePEM(path+".crt", "CERTIFICATE", signed); err != nil {
		return err
	}
	return writeKey(path+".key", key)
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	bytes, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(path, "EC PRIVATE KEY", bytes)
}

func writePEM(path, kind string, bytes []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600)
}
