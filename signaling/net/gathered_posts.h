// GatheredPosts: while one lives, what this thread posts to a loop is kept, and posted at its end as one piece of work.
#pragma once

namespace signaling::net {

class Loop;

// Each post may wake the loop's thread, which then runs instead of this one: a hundred answers that are ready together
// would cost a hundred changes of thread. The order of posting stays. Not nested; not on the loop's own thread. It is
// written beside Loop::post, in loop.cpp.
class GatheredPosts {
 public:
  explicit GatheredPosts(Loop& loop);
  ~GatheredPosts();
  GatheredPosts(const GatheredPosts&) = delete;
  GatheredPosts& operator=(const GatheredPosts&) = delete;
};

}  // namespace signaling::net
