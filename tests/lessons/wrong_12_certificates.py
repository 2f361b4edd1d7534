"""Typical wrong answers of lesson 12, encryption, signatures and TLS: exercise, words of the report, source."""

SIGNED = """
import json


def sign_list(private_key, prices):
    data = json.dumps(prices).encode()
    return {signed}


def read_list(public_key, data):
    signature, prices = data[:64], data[64:]
    {check}
    return {result}
"""
CERTIFICATE = """
def certificate_for(name, key, ca_certificate, ca_key):
    now = datetime.now(UTC)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key({identifier}.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name({issuer})
        .public_key({public}.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before({begin})
        .not_valid_after({end})
        .add_extension(x509.BasicConstraints(ca={ca}, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([{names}]), critical=False)
        .add_extension(identifier, critical=False)
        .sign({signer}, hashes.SHA256())
    )
"""
CONTEXT = """
def make_context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    {lines}
    return context
"""
VERIFY = """try:
        public_key.verify(signature, prices)
    except InvalidSignature:
        raise ValueError("no") from None"""


def signed(**parts):
    right = {"signed": "private_key.sign(data) + data", "check": VERIFY, "result": "json.loads(prices)"}
    return SIGNED.format(**{**right, **parts})


def certificate(**parts):
    right = {
        "identifier": "ca_key",
        "issuer": "ca_certificate.subject",
        "public": "key",
        "begin": "now - timedelta(minutes=5)",
        "end": "now + timedelta(days=30)",
        "ca": "False",
        "names": "x509.DNSName(name)",
        "signer": "ca_key",
    }
    return CERTIFICATE.format(**{**right, **parts})


def context(*lines):
    return CONTEXT.format(lines="\n    ".join(lines) or "pass")


def hello(what, answer):
    return f"hello = {{**hello, {what!r}: {answer!r}}}"


OWN_NAME = "x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])"
OTHER_NAME = OWN_NAME.replace("name)", "'Ticker CA')")
ANEW = VERIFY.replace("prices)", "json.dumps(json.loads(prices)).encode())")
MANY_NAMES = 'x509.DNSName(name), x509.DNSName("bank.example")'
BLIND = ("context.check_hostname = False", "context.verify_mode = ssl.CERT_NONE")
OLD = {"begin": "now - timedelta(days=60)", "end": "now - timedelta(days=30)"}
LOAD = "context.load_verify_locations(cadata=authority)"
READ_FIRST = """json_first = json.loads(prices)
    """
NEVER_TRUE = """try:
        if not public_key.verify(signature, prices):
            return None
    except InvalidSignature:
        raise ValueError("no") from None"""
TWO_NAMES = 'x509.DNSName(name), x509.DNSName("*." + name)'
PRIVATE = certificate().replace(".public_key(key.public_key())", ".public_key(key)")
WRONG = [
    ("12-signed", "Verify first", signed(check="")),
    ("12-signed", "`verify` raises InvalidSignature", signed(check="public_key.verify(signature, prices)")),
    ("12-signed", "You write the JSON anew", signed(check=ANEW)),
    ("12-signed", "The signature has 64 bytes and stands in front", signed(signed="data + private_key.sign(data)")),
    ("12-signed", "Return the prices, not that they are genuine", signed(result="True")),
    ("12-signed", "Prices are a dictionary", signed(result="prices")),
    ("12-certificate", "It vouches for itself", certificate(issuer=OWN_NAME, identifier="key", signer="key")),
    ("12-certificate", "The signature is not the CA's", certificate(signer="key")),
    ("12-certificate", "The issuer named in it is not the CA", certificate(issuer=OTHER_NAME)),
    ("12-certificate", "a public key that is not the server's", certificate(public="ca_key")),
    ("12-certificate", "It ended before it began", certificate(**OLD)),
    ("12-certificate", "With `ca=True`", certificate(ca="True")),
    ("12-certificate", "the SAN does not name it", certificate(names='x509.DNSName("ticker.example")')),
    ("12-certificate", "is good for `bank.example` too", certificate(names=MANY_NAMES)),
    ("12-certificate", "short lives limit", certificate(end="now + timedelta(days=3650)")),
    ("12-order", "the certificate only signs", 'handshake = "bfahegc"'),
    ("12-order", "Only one is left out", 'handshake = "bfahgc"'),
    ("12-order", "it is checked with the key in the certificate", 'handshake = "bfdahgc"'),
    ("12-order", "there are no keys before both hellos", 'handshake = "bafdhgc"'),
    ("12-order", "first it checks whom it talks to", 'handshake = "bfadghc"'),
    ("12-order", "Write the letters in a row", 'handshake = "bbb"'),
    ("12-hello", "16 in hex", hello("type of the record", 16)),
    ("12-hello", "That is the length of the hello", hello("bytes in the record, behind its header", 0xE4)),
    ("12-hello", "8 is the length of the list in bytes", hello("how many cipher suites", 8)),
    ("12-hello", "That is the third one", hello("the first cipher suite", 0x1301)),
    ("12-hello", "21 bytes", hello("server name", "ticker.example")),
    ("12-context", "The client trusts nobody", context()),
    ("12-context", "The client accepts any certificate", context(LOAD, *BLIND)),
    ("12-context", "Both lines have to go", context(LOAD, "context.verify_mode = ssl.CERT_NONE")),
    ("12-context", "Return the context", context(LOAD, "return None")),
    ("12-context", "the client does not look", context(LOAD, "context.check_hostname = False")),
    ("12-context", "one CA is enough", context(LOAD, "import trustme", "trustme.CA().configure_trust(context)")),
    ("12-signed", "no exception is its yes", signed(check=NEVER_TRUE)),
    ("12-signed", "JSON was read before the signature", signed(check=READ_FIRST + VERIFY)),
    ("12-certificate", "Who vouches for the server is the CA itself", certificate(issuer="ca_certificate.issuer")),
    ("12-certificate", "One name was asked for", certificate(names=TWO_NAMES)),
    ("12-certificate", "It says that it is a CA", certificate(ca="True")),
    ("12-order", "each message behind those that it builds on", 'handshake = "abcdhfg"'),
    ("12-hello", "such as 0x1301, not a text", hello("the first cipher suite", "0x1302")),
    ("12-hello", "Small letters", hello("says", "Client")),
    ("12-context", "for the name of a file", context("context.load_verify_locations(authority)")),
    ("12-certificate", "a certificate has its owner's", certificate(issuer="ca_certificate")),
    ("12-certificate", "takes a name, which is no text", certificate(issuer='"Ticker CA"')),
    ("12-certificate", "and each name in it an object", certificate(names="name")),
    ("12-certificate", "takes a private key", certificate(signer="ca_certificate")),
    ("12-certificate", "takes a moment", certificate(end="timedelta(days=30)")),
    ("12-certificate", "may the owner of this certificate sign others", certificate(ca="0")),
    ("12-certificate", "takes a public key", PRIVATE),
    ("12-order", "h missing", 'handshake = "bfa"'),
    ("12-hello", "the big end", hello("bytes in the record, behind its header", 0xE800)),
    ("12-hello", "longer than what was recorded", hello("bytes in the record, behind its header", 115)),
]  # fmt: skip
