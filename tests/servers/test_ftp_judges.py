"""The FTP server as curl, lftp and wget find it."""

import subprocess

import pytest

from netlab.servers import FTPServer
from netlab.servers.tls import ca_file

DATA = bytes(range(256)) * 4000


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    (root / "shares").mkdir(parents=True)
    (root / "history.bin").write_bytes(DATA)
    (root / "shares" / "AAPL.csv").write_bytes(b"Date,Close\n2013-03-01,430.47\n")
    return root


@pytest.fixture(params=[False, True], ids=["ftp", "ftps"])
def server(root, request):
    with FTPServer(root, users={"ada": "secret"}, tls=request.param) as server:
        yield server


@pytest.fixture
def run(tool, tmp_path):
    """Run a program in an empty folder of its own, for ten seconds at the most, and return what it printed."""
    here = tmp_path / "client"
    here.mkdir()

    def run(program, *arguments, code=0):
        command = [tool(program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, cwd=here, timeout=10, check=False)
        assert done.returncode == code, done.stderr.decode()
        return done.stdout

    run.here = here
    return run


class TestCurl:
    @pytest.fixture
    def curl(self, run, server):
        with ca_file() as ca:
            secure = ["--ssl-reqd", "--cacert", ca] if server.tls else []

            def curl(path, *arguments, **options):
                common = ["-sS", "--max-time", 8, "--user", "ada:secret", *secure]
                return run("curl", *common, *arguments, server.url + path, **options)

            yield curl

    @pytest.mark.parametrize("way", [[], ["--disable-epsv"]], ids=["EPSV", "PASV"])
    def test_download_upload_and_list(self, curl, root, way):
        assert curl("/history.bin", *way) == DATA
        curl("/new.bin", *way, "--upload-file", root / "history.bin")
        assert (root / "new.bin").read_bytes() == DATA
        assert curl("/shares/", *way, "--list-only").split() == [b"AAPL.csv"]

    @pytest.mark.parametrize("way", [[], ["--disable-eprt"]], ids=["EPRT", "PORT"])
    def test_active(self, curl, server, run, way):
        version = run("curl", "--version").split()[1]
        if server.tls and version.startswith((b"7.87.", b"7.88.")):
            pytest.skip("curl 7.87 and 7.88 begin no TLS on an active data connection (curl issue 10666)")
        assert curl("/history.bin", "--ftp-port", "-", *way) == DATA

    def test_a_download_is_resumed(self, curl, run):
        (run.here / "part").write_bytes(DATA[:700_000])
        curl("/history.bin", "--continue-at", "-", "--output", "part")
        assert (run.here / "part").read_bytes() == DATA

    def test_an_upload_is_resumed(self, curl, root):
        (root / "part").write_bytes(DATA[:700_000])
        curl("/part", "--continue-at", "-", "--upload-file", root / "history.bin")
        assert (root / "part").read_bytes() == DATA

    def test_rename_and_delete(self, curl, root):
        curl("/", "--quote", "RNFR history.bin", "--quote", "RNTO old.bin", "--quote", "DELE shares/AAPL.csv")
        assert (root / "old.bin").exists()
        assert not list((root / "shares").iterdir())

    def test_what_is_not_there_and_who_may_not(self, curl):
        curl("/nowhere", code=78)
        curl("/history.bin", "--user", "ada:wrong", code=67)


class TestLftp:
    @pytest.fixture
    def lftp(self, run, server):
        with ca_file() as ca:

            def lftp(*commands, passive=True):
                settings = {
                    "cmd:fail-exit": "yes",
                    "net:max-retries": 1,
                    "net:timeout": 5,
                    "xfer:clobber": "yes",
                    "ftp:passive-mode": str(passive).lower(),
                    "ftp:ssl-force": str(server.tls).lower(),
                    "ftp:ssl-protect-data": "yes",
                    "ssl:ca-file": ca,
                }
                lines = [f"set {name} {value}" for name, value in settings.items()]
                return run("lftp", "-c", "; ".join([*lines, f"open -u ada,secret {server.url}", *commands]))

            yield lftp

    @pytest.mark.parametrize("passive", [True, False], ids=["passive", "active"])
    def test_get_put_and_list(self, lftp, run, root, passive):
        listed = lftp("get history.bin", "put history.bin -o new.bin", "cls -1 shares", passive=passive)
        assert (run.here / "history.bin").read_bytes() == (root / "new.bin").read_bytes() == DATA
        assert listed == b"shares/AAPL.csv\n"

    def test_a_download_and_an_upload_are_resumed(self, lftp, run, root):
        (run.here / "history.bin").write_bytes(DATA[:700_000])
        (root / "part").write_bytes(DATA[:700_000])
        lftp("get -c history.bin", "put -c history.bin -o part")
        assert (run.here / "history.bin").read_bytes() == (root / "part").read_bytes() == DATA

    def test_a_whole_tree_is_mirrored_both_ways(self, lftp, run, root):
        lftp("mirror / there", "mirror -R there back")
        assert (root / "back" / "shares" / "AAPL.csv").read_bytes() == (root / "shares/AAPL.csv").read_bytes()

    def test_rename_and_delete(self, lftp, root):
        lftp("mv history.bin shares/old.bin", "rm shares/AAPL.csv", "mkdir new", "rmdir new")
        assert [path.name for path in (root / "shares").iterdir()] == ["old.bin"]


class TestWget:
    @pytest.fixture
    def wget(self, run, server):
        with ca_file() as ca:
            secure = ["--ca-certificate", ca] if server.tls else []
            url = (
                server.url.replace("ftp:", "ftps:") if server.tls else server.url
            )  # to wget, ftps is AUTH TLS
            common = ["-nv", "--tries=1", "--timeout=5", "--user=ada", "--password=secret", *secure]
            yield lambda path, *options: run("wget", *common, *options, url + path)

    @pytest.mark.parametrize("way", [[], ["--no-passive-ftp"]], ids=["passive", "active"])
    def test_download(self, wget, run, way):
        wget("/history.bin", *way)
        assert (run.here / "history.bin").read_bytes() == DATA

    def test_resume(self, wget, run):
        (run.here / "history.bin").write_bytes(DATA[:700_000])
        wget("/history.bin", "--continue")
        assert (run.here / "history.bin").read_bytes() == DATA

    def test_a_tree(self, wget, run):
        wget("/", "--recursive", "--no-host-directories")
        assert (run.here / "shares" / "AAPL.csv").exists()
