//===- IsolatedRuns.cpp - Work in child processes -------------------------===//

#include "tools/verify/IsolatedRuns.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace assay::tools;
using Clock = std::chrono::steady_clock;

namespace {
struct Child {
  size_t index;
  pid_t process;
  int pipe; ///< Where its output is read.
  Clock::time_point start;
  IsolatedResult result;
};
} // namespace

static void writeAll(int fd, llvm::StringRef text) {
  while (!text.empty()) {
    ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      return;
    text = text.drop_front(std::max<ssize_t>(written, 0));
  }
}

static Child start(size_t index, llvm::function_ref<std::string(size_t)> work) {
  int ends[2];
  // Else the child would print again what is still in the buffers.
  fflush(nullptr);
  if (pipe(ends) != 0)
    return {index, -1, -1, Clock::now(), {"", strerror(errno), 0}};
  pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    // LLVM's handlers would print a stack trace for the signal.
    for (int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP})
      std::signal(signal, SIG_DFL);
    writeAll(ends[1], work(index));
    _exit(0);
  }
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return {index, -1, -1, Clock::now(), {"", strerror(errno), 0}};
  }
  return {index, process, ends[0], Clock::now(), {}};
}

static std::string describeEnd(int status) {
  if (WIFSIGNALED(status))
    return (llvm::Twine("killed by signal ") + llvm::Twine(WTERMSIG(status)) +
            " (" + strsignal(WTERMSIG(status)) + ")")
        .str();
  if (WEXITSTATUS(status) != 0)
    return "ended with code " + std::to_string(WEXITSTATUS(status));
  return "";
}

static void finish(Child &child) {
  child.result.seconds =
      std::chrono::duration<double>(Clock::now() - child.start).count();
  if (child.process < 0)
    return;
  close(child.pipe);
  int status = 0;
  while (waitpid(child.process, &status, 0) < 0 && errno == EINTR)
    ;
  if (child.result.fault.empty())
    child.result.fault = describeEnd(status);
}

/// Waits for output or a limit; true when the child is at its end.
static bool advance(Child &child, bool readable, std::chrono::seconds limit) {
  if (child.process < 0)
    return true;
  if (readable) {
    char buffer[4096];
    ssize_t size = read(child.pipe, buffer, sizeof(buffer));
    if (size == 0)
      return true;
    if (size > 0)
      child.result.output.append(buffer, size);
  }
  if (Clock::now() - child.start < limit)
    return false;
  kill(child.process, SIGKILL);
  child.result.fault = "exceeded " + std::to_string(limit.count()) + " s";
  return true;
}

void assay::tools::runIsolated(
    size_t count, unsigned jobs, std::chrono::seconds limit,
    llvm::function_ref<std::string(size_t)> work,
    llvm::function_ref<void(size_t, const IsolatedResult &)> done) {
  std::vector<Child> running;
  size_t next = 0;
  while (next < count || !running.empty()) {
    while (next < count && running.size() < std::max(jobs, 1u))
      running.push_back(start(next++, work));
    llvm::SmallVector<pollfd> polled;
    for (const Child &child : running)
      polled.push_back({child.pipe, POLLIN, 0});
    poll(polled.data(), polled.size(), /*timeout in ms=*/200);
    for (size_t i = running.size(); i-- > 0;) {
      if (!advance(running[i], polled[i].revents != 0, limit))
        continue;
      finish(running[i]);
      done(running[i].index, running[i].result);
      running.erase(running.begin() + i);
    }
  }
}
