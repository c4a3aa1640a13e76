//===- Bench.cpp - assay bench ---------------------------------------===//

#include "tools/assay/Command.h"

using namespace assay::tools;
namespace cl = llvm::cl;

static cl::SubCommand command("bench", "measure how long a model takes");
static cl::opt<std::string> model(cl::Positional, cl::desc("MODEL"),
                                  cl::Required, cl::sub(command));

static int run() {
  printError("not there yet: " + model);
  return ExitBug;
}

Command assay::tools::benchCommand() { return {&command, run}; }
