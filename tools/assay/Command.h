//===- Command.h - The subcommands of assay ---------------------*- C++ -*-===//
//
// Each subcommand is one file with its options, local to it, and one function
// that is called after parsing and returns the exit code.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_TOOLS_ASSAY_COMMAND_H
#define ASSAY_TOOLS_ASSAY_COMMAND_H

#include "llvm/Support/CommandLine.h"

namespace assay::tools {

enum ExitCode {
  ExitDone = 0,
  ExitBadInput = 1, // the input is at fault
  ExitUsage = 2,
  ExitBug = 3, // a bug in Assay
};

struct Command {
  llvm::cl::SubCommand *subcommand;
  int (*run)();
};

Command benchCommand();
Command compileCommand();
Command dbCommand();
Command describeCommand();
Command evalCommand();
Command predictCommand();
Command runCommand();
Command spaceCommand();
Command trainCommand();
Command verifyCommand();

/// Prints "assay: error: MESSAGE" on stderr.
void printError(const llvm::Twine &message);
/// Prints the message and the command's name to ask for help.
int failUsage(llvm::StringRef command, const llvm::Twine &message);

} // namespace assay::tools

#endif // ASSAY_TOOLS_ASSAY_COMMAND_H
