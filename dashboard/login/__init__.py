"""Login: who somebody is by a forge's or an issuer's word, whether they still are signed in, and what they may see."""
