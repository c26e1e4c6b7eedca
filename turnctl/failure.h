// Failure: what went wrong and what to do, in words for a person.
#pragma once

#include <string>

#include "turnd/base/result.h"

namespace turnctl {

struct Failure {
  std::string detail;
  std::string remedy;
};

template <class T>
using Outcome = turnd::base::Result<T, Failure>;

}  // namespace turnctl
