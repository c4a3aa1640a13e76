//===- ModelReader.h - Reads a ModelProto from a stream ---------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_MODELREADER_H
#define ASSAY_COMPILER_IMPORT_MODELREADER_H

#include "mlir/IR/Location.h"
#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/unknown_field_set.h>
#include <onnx/onnx_pb.h>

namespace assay {

namespace proto = ::onnx;

/// Parses `size` bytes of `stream`. The raw_data of each initializer is read
/// straight into a string of its exact length, so that the peak is the size of
/// the file; protobuf's own parser grows large strings by doubling. Errors are
/// given on `loc`.
llvm::LogicalResult readModel(google::protobuf::io::ZeroCopyInputStream &stream,
                              int64_t size, mlir::Location loc,
                              proto::ModelProto &model);

/// Opens and parses the file at `path`.
llvm::LogicalResult readModelFile(llvm::StringRef path, mlir::Location loc,
                                  proto::ModelProto &model);

/// The last length-delimited field `number` among the fields that Debian's
/// classes do not know, or empty.
std::string getUnknownString(const google::protobuf::UnknownFieldSet &fields,
                             int number);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_MODELREADER_H
