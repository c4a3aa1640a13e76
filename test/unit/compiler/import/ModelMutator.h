//===- ModelMutator.h - Changes bytes and fields of models ------*- C++ -*-===//
//
// The mutations of fuzzing: on bytes, most of which no longer parse, and on one
// field of a message, which keep the structure of a model.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_TEST_UNIT_COMPILER_IMPORT_MODELMUTATOR_H
#define ASSAY_TEST_UNIT_COMPILER_IMPORT_MODELMUTATOR_H

#include <algorithm>
#include <cstdint>
#include <google/protobuf/message.h>
#include <random>
#include <string>
#include <vector>

namespace assay::test {

/// Every sequence of calls follows from the seed.
class ModelMutator {
public:
  explicit ModelMutator(uint64_t seed) : random(seed) {}

  /// Flips, inserts or removes a few bytes.
  void mutateBytes(std::string &bytes) {
    for (unsigned count = 1 + pick(4); count && !bytes.empty(); --count) {
      size_t at = pick(bytes.size());
      switch (pick(4)) {
      case 0:
        bytes[at] = static_cast<char>(pick(256));
        break;
      case 1:
        bytes.insert(at, 1, static_cast<char>(pick(256)));
        break;
      case 2:
        bytes.erase(at, 1 + pick(8));
        break;
      default:
        bytes[at] ^= static_cast<char>(1 << pick(8));
      }
    }
  }

  /// Changes one field somewhere below `message`.
  void mutateField(google::protobuf::Message &message) {
    const google::protobuf::Reflection &reflection = *message.GetReflection();
    std::vector<const google::protobuf::FieldDescriptor *> fields;
    reflection.ListFields(message, &fields);
    if (fields.empty())
      return;
    const google::protobuf::FieldDescriptor *field =
        fields[pick(fields.size())];
    bool isMessage =
        field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (isMessage && pick(8))
        return mutateField(*reflection.MutableMessage(&message, field));
      return mutateScalar(message, field);
    }
    int size = reflection.FieldSize(message, field);
    int at = static_cast<int>(pick(size));
    if (isMessage && pick(6))
      return mutateField(
          *reflection.MutableRepeatedMessage(&message, field, at));
    switch (pick(3)) {
    case 0:
      reflection.RemoveLast(&message, field);
      break;
    case 1:
      reflection.SwapElements(&message, field, at,
                              static_cast<int>(pick(size)));
      break;
    default:
      if (isMessage)
        reflection.AddMessage(&message, field)
            ->CopyFrom(reflection.GetRepeatedMessage(message, field, at));
      else
        mutateElement(message, field, at);
    }
  }

  size_t pick(size_t below) { return random() % std::max<size_t>(below, 1); }

private:
  int64_t pickInt() {
    static constexpr int64_t values[] = {
        0,         1,         -1,        2,         3,
        7,         16,        100,       INT32_MAX, INT32_MIN,
        INT64_MAX, INT64_MIN, 1ll << 33, 1ll << 60, -5};
    return values[pick(std::size(values))];
  }
  std::string pickText() {
    static const char *values[] = {"",     "x",      "y",          "w",
                                   "axis", "axes",   "Relu",       "Conv",
                                   "Pad",  "Resize", "SAME_UPPER", "ij,jk->ik"};
    return values[pick(std::size(values))];
  }

  void mutateScalar(google::protobuf::Message &message,
                    const google::protobuf::FieldDescriptor *field) {
    const google::protobuf::Reflection &reflection = *message.GetReflection();
    switch (field->cpp_type()) {
    case google::protobuf::FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, field, pickInt());
    case google::protobuf::FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, field,
                                 static_cast<int32_t>(pick(28)));
    case google::protobuf::FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.SetFloat(&message, field,
                                 static_cast<float>(pickInt()));
    case google::protobuf::FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&message, field, pickText());
    case google::protobuf::FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&message, field,
                                     static_cast<int>(pick(16)));
    default:
      return reflection.ClearField(&message, field);
    }
  }

  void mutateElement(google::protobuf::Message &message,
                     const google::protobuf::FieldDescriptor *field, int at) {
    const google::protobuf::Reflection &reflection = *message.GetReflection();
    switch (field->cpp_type()) {
    case google::protobuf::FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetRepeatedInt64(&message, field, at, pickInt());
    case google::protobuf::FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetRepeatedInt32(&message, field, at,
                                         static_cast<int32_t>(pickInt()));
    case google::protobuf::FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.SetRepeatedFloat(&message, field, at,
                                         static_cast<float>(pickInt()));
    case google::protobuf::FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetRepeatedString(&message, field, at, pickText());
    default:
      return;
    }
  }

  std::mt19937_64 random;
};

} // namespace assay::test

#endif // ASSAY_TEST_UNIT_COMPILER_IMPORT_MODELMUTATOR_H
