"""What the end-to-end tests share: a turnd of their own, its operator's view, and the addresses of the namespace."""

from .certificates import Certificates
from .turn_client import Refused, TurnClient
from .turnd import Turnd

SERVER4 = "10.77.0.1"
SERVER6 = "fd77::1"
PEER4 = "10.77.0.2"
PEER6 = "fd77::2"

__all__ = ["Certificates", "Refused", "TurnClient", "Turnd", "SERVER4", "SERVER6", "PEER4", "PEER6"]
