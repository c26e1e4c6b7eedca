#include "signaling/signals.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace signaling {

Signals::Signals(net::Loop& loop, std::function<void(int)> on_signal) : loop_(loop), on_signal_(std::move(on_signal)) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&set, signal);
  ::signal(SIGPIPE, SIG_IGN);
  if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0)
    throw std::system_error(errno, std::generic_category(), "signals");
  descriptor_ = turnd::posix::FileDescriptor(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!descriptor_ || !loop_.watch(descriptor_.get(), EPOLLIN, *this))
    throw std::system_error(errno, std::generic_category(), "signals");
}

Signals::~Signals() { loop_.unwatch(descriptor_.get(), *this); }

void Signals::on_ready(std::uint32_t) {
  signalfd_siginfo caught{};
  while (::read(descriptor_.get(), &caught, sizeof caught) == sizeof caught)
    on_signal_(static_cast<int>(caught.ssi_signo));
}

}  // namespace signaling
