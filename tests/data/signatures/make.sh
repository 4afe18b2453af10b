#!/bin/sh
# Make the commits and public keys of this folder anew, with real git, gpg and ssh-keygen. Nothing here is secret: the
# private keys live in a folder that is removed at the end. What is made differs each time, since keys are random.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'GNUPGHOME=$work/gpg gpgconf --kill all 2>/dev/null; GNUPGHOME=$work/late gpgconf --kill all 2>/dev/null; rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GNUPGHOME="$work/gpg"
mkdir -m 700 "$GNUPGHOME"
rm -f "$here"/*.commit "$here"/*.pub "$here"/*.asc
quiet() { gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase= "$@" 2>/dev/null; }
print() { gpg --list-keys --with-colons "$1" | awk -F: '/^fpr/{print $10; exit}'; }

git config --global user.name Alice
git config --global user.email alice@example.com
git config --global init.defaultBranch main
git init -q "$work/repo"
git init -q --object-format=sha256 "$work/repo256"
cd "$work/repo"

# A commit of 2026-02-01, unless $at says something else; signed by what the options say.
commit() { # name options…
  name=$1
  shift
  GIT_AUTHOR_DATE="${at:-2026-02-01T00:00:00Z}" GIT_COMMITTER_DATE="${at:-2026-02-01T00:00:00Z}" \
    git "$@" commit -q --allow-empty -m "${message:-Deploy $name}" $signed
  git cat-file commit HEAD > "$here/$name.commit"
}

# SSH: one key of each type that needs no hardware.
signed=-S
for type in ed25519 rsa ecdsa; do
  ssh-keygen -q -t $type -N "" -C "$type@example.com" -f "$work/$type"
  cp "$work/$type.pub" "$here/ssh-$type.pub"
  commit ssh-$type -c gpg.format=ssh -c user.signingkey="$work/$type"
done
ssh-keygen -q -t ed25519 -N "" -C mallory@example.com -f "$work/stranger"
commit ssh-stranger -c gpg.format=ssh -c user.signingkey="$work/stranger"
(cd "$work/repo256" && commit ssh-sha256-repository -c gpg.format=ssh -c user.signingkey="$work/ed25519")

# A signature that ssh-keygen made for a file, put into a commit.
signed=
message="Deploy ssh-file-namespace" commit unsigned
cp "$here/unsigned.commit" "$work/payload"
ssh-keygen -q -Y sign -n file -f "$work/ed25519" "$work/payload" 2>/dev/null
{
  sed '/^$/,$d' "$work/payload"
  sed '1s/^/gpgsig /; 2,$s/^/ /' "$work/payload.sig"
  sed -n '/^$/,$p' "$work/payload"
} > "$here/ssh-file-namespace.commit"

# Not signed: by a person, and as a forge merges.
commit unsigned
git checkout -q -b topic HEAD~1
message=Topic commit topic
rm "$here/topic.commit"
git checkout -q main
GIT_COMMITTER_DATE=2026-02-01T00:00:00Z git merge -q --no-ff -m "Merge pull request #7 from acme/topic" topic
git cat-file commit HEAD > "$here/unsigned-merge.commit"

# OpenPGP. gpg's clock stands where $then says.
cat > "$work/then" <<'EOF'
#!/bin/sh
exec gpg --batch --no-tty --pinentry-mode loopback --passphrase= --faked-system-time "$then" "$@"
EOF
chmod +x "$work/then"
export then=20260201T000000
born="--faked-system-time 20250101T000000"
signed=-S
quiet $born --quick-gen-key "Bob <bob@example.com>" ed25519 sign 0
quiet $born --quick-gen-key "Carol <carol@example.com>" ed25519 cert 0
quiet $born --quick-add-key "$(print carol)" ed25519 sign 0
quiet $born --quick-gen-key "Rita <rita@example.com>" rsa2048 sign 0
quiet $born --quick-gen-key "Mallory <mallory@example.com>" ed25519 sign 0
quiet $born --quick-gen-key "Erin <erin@example.com>" ed25519 sign 2y
quiet $born --quick-gen-key "Sam <sam@example.com>" ed25519 cert 0
quiet $born --quick-add-key "$(print sam)" ed25519 sign 2y
for name in bob carol rita mallory erin sam; do
  commit openpgp-$name -c gpg.program="$work/then" -c user.signingkey="$name@example.com"
done
mv "$here/openpgp-mallory.commit" "$here/openpgp-stranger.commit"

# Erin and Sam still sign, where nobody has told their gpg that their keys have been made to end before.
cp -r "$GNUPGHOME" "$work/late"
quiet --faked-system-time 20250601T000000 --quick-set-expire "$(print erin)" 20250701T000000
quiet --faked-system-time 20250601T000000 --quick-set-expire "$(print sam)" 20250701T000000 '*'
quiet --export --armor erin@example.com > "$here/erin-ended.asc"
quiet --export --armor sam@example.com > "$here/sam-ended.asc"

# Rita's key is revoked.
sed 's/^:-/-/' "$GNUPGHOME/openpgp-revocs.d/$(print rita).rev" > "$work/rita.rev"
quiet --export --armor rita@example.com > "$here/rita.asc"
quiet --import "$work/rita.rev"
quiet --export --armor rita@example.com > "$here/rita-revoked.asc"
for name in bob carol; do
  quiet --export --armor $name@example.com > "$here/$name.asc"
done
GNUPGHOME="$work/late" quiet --export --armor erin@example.com > "$here/erin.asc"
GNUPGHOME="$work/late" quiet --export --armor sam@example.com > "$here/sam.asc"

# Wanda's key hangs together by SHA-1, as old ones do.
quiet --faked-system-time 20250101T000000 --cert-digest-algo SHA1 --quick-gen-key "Wanda <wanda@example.com>" rsa2048 sign 0
commit openpgp-wanda -c gpg.program="$work/then" -c user.signingkey=wanda@example.com
quiet --export --armor wanda@example.com > "$here/wanda.asc"

# Two people sign one commit: gpg writes both signatures into one armour.
cat > "$work/both" <<'EOF'
#!/bin/sh
exec "$(dirname "$0")/then" -u bob@example.com -u carol@example.com --status-fd=2 --armor --detach-sign
EOF
chmod +x "$work/both"
commit openpgp-two -c gpg.program="$work/both"
