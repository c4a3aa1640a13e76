//===- Run.cpp - assay run ---------------------------------------===//

#include "tools/assay/Command.h"

using namespace assay::tools;
namespace cl = llvm::cl;

static cl::SubCommand command("run", "run a model and write its outputs");
static cl::opt<std::string> model(cl::Positional, cl::desc("MODEL"),
                                  cl::Required, cl::sub(command));

static int run() {
  printError("not there yet: " + model);
  return ExitBug;
}

Command assay::tools::runCommand() { return {&command, run}; }
