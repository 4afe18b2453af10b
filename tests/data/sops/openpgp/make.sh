#!/bin/sh
# Makes these files anew with the real sops (3.11) and gpg: `./make.sh` in this folder, both on PATH.
# Everything in here is made for tests: the keys open nothing else, and the values are nobody's.
set -eu
cd "$(dirname "$0")"
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'gpgconf --kill all; rm -rf "$GNUPGHOME"' EXIT
make_key() { # its name, what makes it, and a passphrase or nothing
    gpg --batch --quiet --pinentry-mode loopback --passphrase "$3" --quick-generate-key "$1 <$1@shop.example>" "$2" default never
    gpg --batch --quiet --pinentry-mode loopback --passphrase "$3" --armor --export-secret-keys "$1" >"$1.asc"
}
make_key curve future-default ''
make_key rsa rsa3072 ''
make_key locked future-default 'a passphrase'
gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-add-key "$(gpg --list-keys --with-colons rsa | awk -F: '/^fpr/{print $10; exit}')" rsa3072 encrypt never
gpg --batch --quiet --armor --export-secret-keys rsa >rsa.asc
gpg --batch --quiet --armor --export curve >public.asc
print() { gpg --list-keys --with-colons "$1" | awk -F: '/^fpr/{print $10; exit}'; }
printf 'apiVersion: v1\nkind: Secret\nmetadata:\n    name: db\nstringData:\n    password: openpgp-0nly-Pa55word\n' >plain.yaml
printf 'PASSWORD=openpgp-0nly-Pa55word\n' >plain.env
values='^(data|stringData)$'
sops encrypt --pgp "$(print curve)" --encrypted-regex "$values" plain.yaml >for-curve.yaml
sops encrypt --pgp "$(print rsa)" --encrypted-regex "$values" plain.yaml >for-rsa.yaml
sops encrypt --pgp "$(print locked)" --encrypted-regex "$values" plain.yaml >for-locked.yaml
sops encrypt --pgp "$(print rsa),$(print curve)" --age "$(sed -n 's/^# public key: //p' ../staging.agekey)" --encrypted-regex "$values" plain.yaml >for-all.yaml
sops encrypt --pgp "$(print curve)" plain.env >for-curve.env
rm plain.yaml plain.env
head -c 8M /dev/zero | gpg --batch --quiet --trust-model always --armor -r curve --compress-algo zip --encrypt >packed.asc
