// Router: the table of the API's routes, and which of them a request means.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/api/call.h"
#include "signaling/api/route.h"

namespace signaling::api {

// Filled before the first request, only read after it. Templates are matched segment by segment; a literal one goes
// before a parameter, so "join" in /api/meeting/join/{id} is never an id.
class Router {
 public:
  Router();
  ~Router();

  // A job in a read or a write transaction, which authenticates, works and answers on a storage thread.
  void read(net::Method method, std::string path, Access access, Job job, RouteOptions options = {});
  void write(net::Method method, std::string path, Access access, Job job, RouteOptions options = {});
  // For what needs more than one transaction, or none: on the loop's thread.
  void direct(net::Method method, std::string path, Access access, Direct direct, RouteOptions options = {});

  struct Match {
    const Route* route = nullptr;    // null: no route for this method
    std::string_view path_template;  // empty: no route for the path at all
    Call::Parameters parameters;
    std::vector<net::Method> methods;  // all that this path has
  };
  // `path` without the query; a slash at its end makes no difference.
  [[nodiscard]] Match find(net::Method method, std::string_view path) const;
  // Every operation once, as (method, template), aliases included.
  [[nodiscard]] std::vector<std::pair<net::Method, std::string>> operations() const;

 private:
  struct Node;
  void add(Route route);
  void insert(const std::string& path, const Route& route);
  [[nodiscard]] const Node* descend(const Node& from, const std::vector<std::string>& segments, std::size_t at,
                                    std::vector<std::string>& values) const;

  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Node> root_;
};

// "GET, HEAD, POST": the value of Allow.
[[nodiscard]] std::string allow_field(const std::vector<net::Method>& methods);

}  // namespace signaling::api
