//===- Compile.cpp - assay compile ---------------------------------------===//

#include "tools/assay/Command.h"

using namespace assay::tools;
namespace cl = llvm::cl;

static cl::SubCommand
    command("compile", "compile a model to a library, an object file or IR");
static cl::opt<std::string> model(cl::Positional, cl::desc("MODEL"),
                                  cl::Required, cl::sub(command));

static int run() {
  printError("not there yet: " + model);
  return ExitBug;
}

Command assay::tools::compileCommand() { return {&command, run}; }
