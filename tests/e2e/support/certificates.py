"""A certificate authority for one test run, and server certificates that it signed."""

import pathlib
import subprocess


class Certificates:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.authority = self.directory / "ca.pem"
        self._authority_key = self.directory / "ca.key"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                      "-keyout", self._authority_key, "-out", self.authority, "-days", "2", "-subj", "/CN=turnd test CA")

    def issue(self, name, hosts=("turn.test",), addresses=("127.0.0.1", "10.77.0.1", "fd77::1")):
        """Writes NAME.pem and NAME.key; returns their paths."""
        certificate, key = self.directory / f"{name}.pem", self.directory / f"{name}.key"
        request, extensions = self.directory / f"{name}.csr", self.directory / f"{name}.ext"
        names = [f"DNS:{host}" for host in hosts] + [f"IP:{address}" for address in addresses]
        extensions.write_text("subjectAltName=" + ",".join(names) + "\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                      "-out", request, "-subj", f"/CN={hosts[0]}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", self._authority_key,
                      "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", certificate)
        return certificate, key

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
