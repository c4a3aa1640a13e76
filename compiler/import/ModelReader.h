//===- ModelReader.h - Reads a ModelProto from a stream ---------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_MODELREADER_H
#define ASSAY_COMPILER_IMPORT_MODELREADER_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/DenseMap.h"
#include <google/protobuf/arena.h>
#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/unknown_field_set.h>
#include <onnx/onnx_pb.h>

namespace assay {

namespace proto = ::onnx;

/// Bytes of the raw_data that was passed over, by initializer.
using SkippedData = llvm::DenseMap<const proto::TensorProto *, int64_t>;

/// A model as read. Where weights are read, it stays out of the arena, so that
/// import can take them without a copy.
class ModelFile {
  google::protobuf::Arena arena;
  proto::ModelProto whole;

public:
  explicit ModelFile(bool structureOnly)
      : structureOnly(structureOnly),
        model(structureOnly
                  ? *google::protobuf::Arena::CreateMessage<proto::ModelProto>(
                        &arena)
                  : whole) {}

  const bool structureOnly;
  proto::ModelProto &model;
  /// Filled only when the structure alone is read.
  SkippedData skipped;
};

/// Parses `size` bytes of `stream`. The raw_data of each initializer is read
/// straight into a string of its exact length, so that the peak is the size of
/// the file; protobuf's own parser grows large strings by doubling. With
/// `file.structureOnly` raw_data above kMaxStructureBytes is passed over.
/// Errors are given on `loc`.
llvm::LogicalResult readModel(google::protobuf::io::ZeroCopyInputStream &stream,
                              int64_t size, mlir::Location loc,
                              ModelFile &file);

/// Opens and parses the file at `path`, mapped where the structure alone is
/// read.
llvm::LogicalResult readModelFile(llvm::StringRef path, mlir::Location loc,
                                  ModelFile &file);

/// The last length-delimited field `number` among the fields that Debian's
/// classes do not know, or empty.
std::string getUnknownString(const google::protobuf::UnknownFieldSet &fields,
                             int number);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_MODELREADER_H
