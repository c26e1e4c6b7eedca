// Result: a value or a typed error. Errors on input are values; nothing on a worker throws.
#pragma once

#include <boost/system/result.hpp>

namespace turnd::base {

template <class Value, class Error>
using Result = boost::system::result<Value, Error>;

}  // namespace turnd::base
