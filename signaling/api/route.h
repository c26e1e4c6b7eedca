// Route: one operation of the API: where it answers, who may ask, and what does the work.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "signaling/net/http.h"
#include "signaling/protocol/failure.h"
#include "signaling/service/effects.h"
#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::api {

class Call;
using protocol::Outcome;
using service::WallTime;

enum class Access : std::uint8_t {
  open,     // anybody: credentials are not looked at (R17)
  guest,    // an account, a guest, or nobody while auth.guests is on (R1)
  person,   // an account or a guest
  account,  // 401 for everybody else
  admin,    // 401, or 403 for accounts that are none
  key,      // another server with X-Api-Key
};

struct Reply {
  unsigned status = 200;
  boost::json::value body = {};                                  // JSON; null: no body
  std::vector<std::pair<std::string, std::string>> fields = {};  // Set-Cookie, Content-Disposition, ...
  // Instead of JSON, with a Content-Type in `fields`: a text, or a file of which a Range may be asked.
  std::optional<std::string> text = {};
  std::optional<std::string> file = {};
};
[[nodiscard]] inline Reply ok(boost::json::value body) { return {.status = 200, .body = std::move(body)}; }
[[nodiscard]] inline Reply created(boost::json::value body) { return {.status = 201, .body = std::move(body)}; }
[[nodiscard]] inline Reply accepted(boost::json::value body) { return {.status = 202, .body = std::move(body)}; }

// What a job works with: on a storage thread, inside a transaction.
struct Context {
  store::Connection& db;
  const service::Identity& who;
  const Call& call;
  WallTime now;
  service::Effects& effects;  // carried out after the commit
};
using Job = std::function<Outcome<Reply>(Context&)>;
// On the loop's thread; answers through the call, then or later. `who()` is known.
using Direct = std::function<void(std::shared_ptr<Call>)>;

enum class Body : std::uint8_t { json, any };  // any: Call::request() has the bytes, or the file

struct RouteOptions {
  std::vector<std::string> aliases = {};  // other templates, with the same parameters
  Body body = Body::json;
  std::optional<std::uint64_t> max_body = {};  // instead of limits.body
  std::string upload_directory = {};           // the body goes to a file in there
};

enum class Transaction : std::uint8_t { read, write };

struct Route {
  net::Method method = net::Method::get;
  std::string path;  // "/api/meeting/{id}/participants": the OpenAPI template, without a slash at its end
  Access access = Access::open;
  RouteOptions options;
  Transaction transaction = Transaction::read;  // the job's
  Job job;                                      // or
  Direct direct;
};

}  // namespace signaling::api
