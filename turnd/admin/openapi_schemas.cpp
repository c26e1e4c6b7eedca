#include "turnd/admin/openapi.h"

namespace turnd::admin {

std::string_view openapi_schemas() {
  return R"json({
"Problem": {"type": "object", "required": ["type", "title", "status", "detail", "code"], "properties": {
  "type": {"const": "about:blank"}, "title": {"type": "string"}, "status": {"type": "integer"},
  "detail": {"type": "string"},
  "code": {"enum": ["bad_request", "not_found", "method_not_allowed", "timeout", "conflict", "too_large",
                    "invalid_config", "header_too_large", "internal", "unavailable"]},
  "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ConfigurationError"}},
  "file": {"type": "string", "description": "The configuration file that the errors are about"}}},
"ConfigurationError": {"type": "object", "required": ["line", "key", "value", "problem", "remedy"], "properties": {
  "line": {"type": ["integer", "null"]}, "key": {"type": "string"}, "value": {"type": "string"},
  "problem": {"type": "string"}, "remedy": {"type": "string"}}},
"Time": {"type": "string", "format": "date-time", "description": "RFC 3339, UTC"},
"TimeOrNull": {"type": ["string", "null"], "format": "date-time", "description": "RFC 3339, UTC"},
"Duration": {"description": "Seconds, or a text with a unit (ms, s, m, h, d)", "type": ["number", "string"],
  "examples": [90, "1h"]},
"Uris": {"type": "array", "items": {"type": "string", "format": "uri"}},
"Counts": {"type": "object", "additionalProperties": {"type": "integer"}, "description": "By drop reason"},
"Flow": {"type": "object", "required": ["packets", "bytes"], "properties": {
  "packets": {"type": "integer"}, "bytes": {"type": "integer", "description": "Payload, without any header"}}},
"LiveFlow": {"type": "object", "required": ["packets", "bytes", "packets_per_second", "bytes_per_second"],
  "properties": {"packets": {"type": "integer"}, "bytes": {"type": "integer", "description": "Payload"},
  "packets_per_second": {"type": "number"}, "bytes_per_second": {"type": "number"}}},
"Session": {"type": "object", "required": ["id", "user", "realm", "transport", "client", "server", "relayed",
  "permissions", "channels", "traffic", "drops", "created", "expires"], "properties": {
  "id": {"type": "string"}, "user": {"type": "string", "description": "The whole USERNAME"},
  "realm": {"type": "string"}, "transport": {"enum": ["udp", "tcp", "tls", "dtls"]},
  "client": {"type": "string"}, "server": {"type": "string"},
  "relayed": {"type": "array", "items": {"type": "string"}},
  "permissions": {"type": "array", "items": {"type": "object", "required": ["address", "expires"], "properties": {
    "address": {"type": "string"}, "expires": {"$ref": "#/components/schemas/Time"}}}},
  "channels": {"type": "array", "items": {"type": "object", "required": ["number", "peer", "expires"], "properties": {
    "number": {"type": "integer"}, "peer": {"type": "string"}, "expires": {"$ref": "#/components/schemas/Time"}}}},
  "traffic": {"type": "object", "required": ["to_peer", "to_client"], "properties": {
    "to_peer": {"$ref": "#/components/schemas/LiveFlow"}, "to_client": {"$ref": "#/components/schemas/LiveFlow"}}},
  "drops": {"$ref": "#/components/schemas/Counts"},
  "created": {"$ref": "#/components/schemas/Time"}, "expires": {"$ref": "#/components/schemas/Time"}}},
"SessionList": {"type": "object", "required": ["items", "next"], "properties": {
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/Session"}}, "next": {"type": ["string", "null"]}}},
"Usage": {"type": "object", "required": ["id", "user", "realm", "transport", "client", "relayed", "started", "ended",
  "duration", "reason", "traffic", "drops"], "properties": {
  "id": {"type": "string"}, "user": {"type": "string"}, "realm": {"type": "string"},
  "transport": {"enum": ["udp", "tcp", "tls", "dtls"]}, "client": {"type": "string"},
  "relayed": {"type": "array", "items": {"type": "string"}},
  "started": {"$ref": "#/components/schemas/Time"}, "ended": {"$ref": "#/components/schemas/Time"},
  "duration": {"type": "number", "description": "Seconds"},
  "reason": {"enum": ["client_closed", "expired", "disconnected", "killed", "credential_removed",
                      "credential_expired", "drained", "shutdown", "internal"]},
  "traffic": {"type": "object", "required": ["to_peer", "to_client"], "properties": {
    "to_peer": {"$ref": "#/components/schemas/Flow"}, "to_client": {"$ref": "#/components/schemas/Flow"}}},
  "drops": {"$ref": "#/components/schemas/Counts"}}},
"UsageList": {"type": "object", "required": ["items", "next"], "properties": {
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/Usage"}}, "next": {"type": ["string", "null"]}}},
"Closed": {"type": "object", "required": ["closed"], "properties": {
  "closed": {"type": "integer", "description": "Sessions ended by this"}}},
"Event": {"type": "object", "required": ["time", "type"], "properties": {
  "time": {"$ref": "#/components/schemas/Time"},
  "type": {"enum": ["session.opened", "session.closed", "auth.refused", "drain.started", "drain.stopped",
                    "reload.applied", "reload.refused", "certificate.loaded", "certificate.refused", "events.lost"]}}},
"Status": {"type": "object", "required": ["version", "pid", "started", "uptime", "workers", "realm", "ready",
  "draining", "listeners", "relay_addresses", "uris", "totals", "kernel", "offload", "usage"], "properties": {
  "version": {"type": "string"}, "pid": {"type": "integer"}, "started": {"$ref": "#/components/schemas/Time"},
  "uptime": {"type": "number"}, "workers": {"type": "integer"}, "realm": {"type": "string"},
  "ready": {"type": "boolean"}, "draining": {"type": "boolean"},
  "listeners": {"type": "array", "items": {"type": "object", "required": ["uri", "receive_buffer", "clients"],
    "properties": {"uri": {"type": "string"}, "receive_buffer": {"type": ["integer", "null"]},
                   "clients": {"type": "integer"}}}},
  "relay_addresses": {"type": "array", "items": {"type": "string"}}, "uris": {"$ref": "#/components/schemas/Uris"},
  "totals": {"type": "object", "required": ["allocations", "relayed_packets", "relayed_bytes", "drops",
    "udp_gso_refused"],
    "properties": {"allocations": {"type": "integer", "description": "Now"}, "relayed_packets": {"type": "integer"},
                   "relayed_bytes": {"type": "integer"}, "drops": {"type": "integer"},
                   "udp_gso_refused": {"type": "integer", "description":
                     "Sends of several datagrams as one that a network interface or a route refused"}}},
  "kernel": {"type": "object", "additionalProperties": {"type": "boolean"}},
  "offload": {"type": "object", "required": ["mode", "xdp_mode", "why", "interfaces", "channels"], "properties": {
    "mode": {"enum": ["off", "tc", "xdp"]},
    "xdp_mode": {"enum": ["native", "generic", null], "description": "At the drivers, or behind them; null unless xdp"},
    "why": {"type": ["string", "null"], "description": "It is off, or generic, or relays nothing"},
    "interfaces": {"type": "array", "items": {"type": "string"}},
    "channels": {"type": "integer", "description": "Relayed in the kernel now"}}},
  "usage": {"type": "object", "required": ["queued", "lost"], "properties": {
    "queued": {"type": "integer"}, "lost": {"type": "integer"}}}}},
"StartDrain": {"type": "object", "additionalProperties": false, "properties": {
  "deadline": {"$ref": "#/components/schemas/Duration"}}},
"Drain": {"type": "object", "required": ["draining", "since", "deadline", "sessions"], "properties": {
  "draining": {"type": "boolean"}, "since": {"$ref": "#/components/schemas/TimeOrNull"},
  "deadline": {"$ref": "#/components/schemas/TimeOrNull"}, "sessions": {"type": "integer"}}},
"StartReload": {"type": "object", "additionalProperties": false, "properties": {"dry_run": {"type": "boolean"}}},
"Reload": {"type": "object", "required": ["dry_run", "applied", "changes", "warnings"], "properties": {
  "dry_run": {"type": "boolean"}, "applied": {"type": "boolean"},
  "changes": {"type": "array", "items": {"type": "object", "required": ["key", "from", "to", "effect"], "properties": {
    "key": {"type": "string"}, "from": {}, "to": {}, "effect": {"enum": ["now", "new_sessions", "restart"]}}}},
  "warnings": {"type": "array", "items": {"type": "string"}}}},
"PolicyAnswer": {"type": "object", "required": ["address", "decision", "rule"], "properties": {
  "address": {"type": "string"}, "decision": {"enum": ["allow", "deny"]},
  "rule": {"type": "object", "required": ["source", "match"], "properties": {
    "source": {"enum": ["hairpin", "own_endpoint", "hard", "own_address", "allow", "deny", "not_global", "default"]},
    "match": {"type": ["string", "null"]}}}}},
"Configuration": {"type": "object", "description": "The tree of turnd.yaml with the values in force, secrets masked"},
"MakeCredential": {"type": "object", "additionalProperties": false, "properties": {
  "user": {"type": "string", "maxLength": 255}, "ttl": {"$ref": "#/components/schemas/Duration"}}},
"Credential": {"type": "object", "required": ["username", "password", "ttl", "expires", "secret_id", "uris",
  "ice_server"], "properties": {
  "username": {"type": "string"}, "password": {"type": "string"}, "ttl": {"type": "integer"},
  "expires": {"$ref": "#/components/schemas/Time"}, "secret_id": {"type": "string"},
  "uris": {"$ref": "#/components/schemas/Uris"},
  "ice_server": {"type": "object", "required": ["urls", "username", "credential"], "properties": {
    "urls": {"$ref": "#/components/schemas/Uris"}, "username": {"type": "string"},
    "credential": {"type": "string"}}}}},
"AddUser": {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
  "name": {"type": "string"}, "password": {"type": "string"},
  "key": {"type": "string", "pattern": "^[0-9a-fA-F]{32}$"}}},
"User": {"type": "object", "required": ["name", "source", "created", "sessions"], "properties": {
  "name": {"type": "string"}, "source": {"enum": ["file", "database"]},
  "created": {"$ref": "#/components/schemas/TimeOrNull"}, "sessions": {"type": "integer"},
  "password": {"type": "string", "description": "Only where turnd has just made it"}}},
"UserList": {"type": "object", "required": ["items", "next"], "properties": {
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/User"}}, "next": {"type": ["string", "null"]}}},
"AddSecret": {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {
  "id": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}, "value": {"type": "string"}}},
"Secret": {"type": "object", "required": ["id", "source", "created", "signing"], "properties": {
  "id": {"type": "string"}, "source": {"enum": ["file", "database", "generated"]},
  "created": {"$ref": "#/components/schemas/TimeOrNull"}, "signing": {"type": "boolean"},
  "value": {"type": "string", "description": "Only where turnd has just made it"}}},
"SecretList": {"type": "object", "required": ["items", "next"], "properties": {
  "items": {"type": "array", "items": {"$ref": "#/components/schemas/Secret"}}, "next": {"type": ["string", "null"]}}},
"Health": {"type": "object", "required": ["status"], "properties": {"status": {"enum": ["ok", "draining"]}}},
"Metrics": {"type": "string"},
"OpenApi": {"type": "object"}
})json";
}

}  // namespace turnd::admin
