#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "turnctl/commands.h"

namespace turnctl {
namespace {

void show(const boost::json::object& credential) {
  print_facts({{"username", cell(credential, "username")},
               {"password", cell(credential, "password")},
               {"expires", cell(credential, "expires")},
               {"signed with", cell(credential, "secret_id")}});
  for (const boost::json::value& uri : credential.at("uris").as_array()) print_facts({{"uri", cell(uri)}});
}

}  // namespace

int make_credential(const Context& context, const std::optional<std::string>& user,
                    const std::optional<std::string>& ttl) {
  boost::json::object body;
  if (user) body["user"] = *user;
  if (ttl) body["ttl"] = *ttl;
  return run_request(context, {"POST", "/v1/credentials", body}, show);
}

}  // namespace turnctl
