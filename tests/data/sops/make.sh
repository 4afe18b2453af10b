#!/bin/sh
# Makes these files anew with the real sops (3.11) and age-keygen: `./make.sh` in this folder, both on PATH, and gpg.
# Everything in here is made for tests: the keys open nothing else, and the values are nobody's.
set -eu
cd "$(dirname "$0")"
rm -rf plain encrypted && mkdir plain encrypted
for key in staging next production; do
    [ -f "$key.agekey" ] || age-keygen -o "$key.agekey" 2>/dev/null
done
public() { sed -n 's/^# public key: //p' "$1.agekey"; }
export SOPS_AGE_RECIPIENTS="$(public staging)" SOPS_AGE_KEY_FILE="$PWD/staging.agekey"

cat >plain/secret.yaml <<'EOF'
apiVersion: v1
kind: Secret
metadata:
    name: db
# who owns it: the shop's team
stringData:
    password: stage-0nly-Pa55word!
    url: postgres://shop:stage-0nly-Pa55word!@db/shop?sslmode=disable
    looks-like-a-number: "0123"
    looks-like-yes: "yes"
    empty: ""
    umlaut: grüße, "ünd" \ mehr
    pem: |
        -----BEGIN THING-----
        c3RhZ2Ugb25seSB0aGluZw==
        b2YgdGhyZWUgbGluZXM=
        -----END THING-----
data:
    encoded: c3RhZ2Utb25seS1lbmNvZGVk
EOF
cat >plain/two.yaml <<'EOF'
apiVersion: v1
kind: Secret
metadata:
    name: one
stringData:
    first: value-of-the-first
---
apiVersion: v1
kind: Secret
metadata:
    name: two
stringData:
    second: value-of-the-second
EOF
cat >plain/config-map.yaml <<'EOF'
apiVersion: v1
kind: ConfigMap
metadata:
    name: settings
data:
    password: in-the-wrong-kind
EOF
cat >plain/deployment.yaml <<'EOF'
apiVersion: apps/v1
kind: Deployment
metadata:
    name: web
    annotations:
        note_enc: not-for-annotations
spec:
    replicas: 1
EOF
cat >plain/kinds-of-values.yaml <<'EOF'
whole: 12
negative: -7
fraction: 1.5
round: 2.0
large: 1e+21
small: 1e-07
yes: true
no: false
nothing: null
day: 2026-11-28
moment: 2026-11-28T10:00:00.5+02:00
list:
    - 1
    - two
    - three: 3
nested:
    deeper:
        word: wort
    plain_unencrypted: 0755
    time_unencrypted: 2026-11-28T10:00:00Z
    word_unencrypted: "null"
    fraction_unencrypted: 0.10
    yes_unencrypted: true
EOF
cat >plain/kinds-of-values.json <<'EOF'
{"whole": 12, "big": 12345678901234567890, "fraction": 0.5, "yes": true, "nothing": null, "list": [1, "two", {"three": 3}],
 "text": "tab\t, \"quoted\", grüße <&>", "plain_unencrypted": 7, "fraction_unencrypted": 1.50, "empty": "", "none": []}
EOF
cat >plain/app.env <<'EOF'
# who owns it: the shop's team
DB_PASSWORD=env-Pa55word=with=signs
DB_URL=postgres://shop:env-Pa55word@db/shop
LINES=first\nsecond
EMPTY=
QUOTED="kept as it is"
EOF
cat >plain/app.ini <<'EOF'
[database]
; who owns it
password = ini-Pa55word
odd      = semi;colon # and more
user     = shop
[cache]
token    = ini-t0ken
EOF
cat >plain/app.json <<'EOF'
{"database": {"password": "json-Pa55word \"quoted\"", "port": 5432}, "tokens": ["json-t0ken"]}
EOF
cat >plain/app.yaml <<'EOF'
database:
    # who owns it
    password: 'yaml-Pa55word: #1'
    port: 5432
tokens:
    - yaml-t0ken
EOF
printf '\001\002\377binary-Pa55word\000end' >plain/keystore.bin
printf -- '-----BEGIN THING-----\nYmluYXJ5LW9ubHk=\n-----END THING-----\n' >plain/tls.key
cp plain/secret.yaml plain/everything.yaml
cp plain/secret.yaml plain/mac-only.yaml
cp plain/secret.yaml plain/rotated.yaml
cp plain/secret.yaml plain/next-only.yaml
cp plain/secret.yaml plain/production.yaml
cp plain/secret.yaml plain/commented.yaml
sed 's/stage-0nly-Pa55word!/second-Pa55word/' plain/secret.yaml >plain/changed.yaml
cp plain/config-map.yaml plain/config-map-mac-only.yaml

values='^(data|stringData)$'
enc() { name=$1; shift; sops encrypt "$@" "plain/$name" >"encrypted/$name"; }
enc secret.yaml --encrypted-regex "$values"
enc changed.yaml --encrypted-regex "$values"
enc two.yaml --encrypted-regex "$values"
enc config-map.yaml --encrypted-regex "$values"
enc deployment.yaml --encrypted-suffix _enc
printf 'creation_rules:\n- {encrypted_regex: %s, mac_only_encrypted: true, age: %s}\n' "$values" "$(public staging)" >plain/rules
for name in mac-only.yaml config-map-mac-only.yaml; do
    sops --config plain/rules --encrypt "plain/$name" >"encrypted/$name"
done
enc rotated.yaml --encrypted-regex "$values" --age "$(public production),$(public next),$(public staging)"
enc next-only.yaml --encrypted-regex "$values" --age "$(public next)"
enc production.yaml --encrypted-regex "$values" --age "$(public production)"
printf 'creation_rules:\n- {encrypted_comment_regex: who owns it, age: %s}\n' "$(public staging)" >plain/rules
sops --config plain/rules --encrypt plain/commented.yaml >encrypted/commented.yaml
for name in everything.yaml kinds-of-values.yaml kinds-of-values.json app.env app.ini app.json app.yaml keystore.bin tls.key; do
    enc "$name"
done
# What the tool itself makes of them is what ours must make of them.
rm -rf decrypted && mkdir decrypted
for file in encrypted/*; do
    name=${file#encrypted/}
    case $name in
        next-only.yaml) key=next ;;
        production.yaml) key=production ;;
        *) key=staging ;;
    esac
    SOPS_AGE_KEY_FILE="$PWD/$key.agekey" sops decrypt "$file" >"decrypted/$name" 2>/dev/null || echo "not decrypted: $name"
done
rm -rf plain
