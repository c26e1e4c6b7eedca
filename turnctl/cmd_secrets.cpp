#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <iostream>

#include "turnctl/commands.h"
#include "turnctl/secret_file.h"

namespace turnctl {
namespace {

void show_secrets(const boost::json::array& secrets) {
  Table table({"ID", "SOURCE", "CREATED", "SIGNING"});
  for (const boost::json::value& each : secrets) {
    const boost::json::object& secret = each.as_object();
    table.add({cell(secret, "id"), cell(secret, "source"), cell(secret, "created"), cell(secret, "signing")});
  }
  table.print("secrets");
}

void show_added(const boost::json::object& secret) {
  if (!secret.contains("value")) {
    std::cout << "secret " << cell(secret, "id") << " added\n";
    return;
  }
  print_facts({{"secret", cell(secret, "id")}, {"value", cell(secret, "value")}});
  std::cerr << "turnd does not show this value again; its characters as they stand are the key\n";
}

}  // namespace

int list_secrets(const Context& context) { return run_list(context, {"/v1/secrets", {}, {}}, show_secrets); }

int add_secret(const Context& context, const std::string& id, const std::optional<std::string>& value_file) {
  boost::json::object body{{"id", id}};
  if (value_file) {
    const auto secret = read_secret(*value_file);
    if (!secret) return report(secret.error(), kRefused, context.mode);
    body["value"] = secret->reveal();
  }
  return run_request(context, {"POST", "/v1/secrets", body}, show_added);
}

int remove_secret(const Context& context, const std::string& id, LiveSessions live) {
  const std::string target = "/v1/secrets/" + percent_encoded(id) + (live == LiveSessions::kill ? "?kill=true" : "");
  return run_request(context, {"DELETE", target}, [&id](const boost::json::object& reply) {
    std::cout << "secret " << cell(boost::json::value(id)) << " removed, sessions closed: " << cell(reply, "closed")
              << "\n";
  });
}

}  // namespace turnctl
