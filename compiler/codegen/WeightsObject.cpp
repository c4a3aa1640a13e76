//===- WeightsObject.cpp - An object file that holds weights --------------===//
//
// The file is, in order: the ELF header, the symbol table, the string table of
// symbols, that of sections, the weights, and the section headers.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/WeightsObject.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

using namespace assay;
using namespace llvm::ELF;

namespace {

enum SectionIndex { Null, SymbolTable, SymbolNames, SectionNames, Data, Count };

/// A string table; returns the offset of each string added.
class StringTable {
public:
  uint32_t add(llvm::StringRef name) {
    uint32_t offset = bytes.size();
    bytes.append(name.data(), name.size());
    bytes.push_back('\0');
    return offset;
  }
  const std::string &get() const { return bytes; }

private:
  std::string bytes = std::string(1, '\0');
};

} // namespace

template <typename T>
static void writeRaw(llvm::raw_ostream &os, const T &value) {
  os.write(reinterpret_cast<const char *>(&value), sizeof(value));
}

static void pad(llvm::raw_ostream &os, uint64_t from, uint64_t to) {
  os.write_zeros(to - from);
}

static Elf64_Ehdr makeHeader(uint64_t sectionHeaders) {
  Elf64_Ehdr header = {};
  std::copy_n(ElfMagic, 4, header.e_ident);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_shoff = sectionHeaders;
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = SectionIndex::Count;
  header.e_shstrndx = SectionIndex::SectionNames;
  return header;
}

static Elf64_Shdr makeSection(uint32_t name, uint32_t type, uint64_t flags,
                              uint64_t offset, uint64_t size,
                              uint64_t alignment) {
  Elf64_Shdr section = {};
  section.sh_name = name;
  section.sh_type = type;
  section.sh_flags = flags;
  section.sh_offset = offset;
  section.sh_size = size;
  section.sh_addralign = alignment;
  return section;
}

void assay::writeWeightsObject(const WeightsBlob &weights,
                               llvm::StringRef symbolName,
                               llvm::raw_ostream &os) {
  constexpr uint64_t alignment = 64;
  StringTable symbolNames, sectionNames;
  Elf64_Sym symbols[2] = {};
  symbols[1].st_name = symbolNames.add(symbolName);
  symbols[1].setBindingAndType(STB_GLOBAL, STT_OBJECT);
  symbols[1].st_shndx = SectionIndex::Data;
  symbols[1].st_size = weights.getBytes();

  // Large data goes behind the rest, so that code reaches its own data.
  uint32_t dataName = sectionNames.add(".lrodata.assay");
  uint32_t symbolTableName = sectionNames.add(".symtab");
  uint32_t symbolNamesName = sectionNames.add(".strtab");
  uint32_t sectionNamesName = sectionNames.add(".shstrtab");

  uint64_t symbolsAt = sizeof(Elf64_Ehdr);
  uint64_t symbolNamesAt = symbolsAt + sizeof(symbols);
  uint64_t sectionNamesAt = symbolNamesAt + symbolNames.get().size();
  uint64_t namesEnd = sectionNamesAt + sectionNames.get().size();
  uint64_t dataAt = llvm::alignTo(namesEnd, alignment);
  uint64_t headersAt = dataAt + weights.getBytes(); // a multiple of 64

  writeRaw(os, makeHeader(headersAt));
  writeRaw(os, symbols);
  os << symbolNames.get() << sectionNames.get();
  pad(os, namesEnd, dataAt);
  weights.write(os);

  Elf64_Shdr sections[SectionIndex::Count] = {};
  Elf64_Shdr &table = sections[SectionIndex::SymbolTable];
  table = makeSection(symbolTableName, SHT_SYMTAB, 0, symbolsAt,
                      sizeof(symbols), alignof(Elf64_Sym));
  table.sh_link = SectionIndex::SymbolNames;
  table.sh_info = 1; // index of the first global symbol
  table.sh_entsize = sizeof(Elf64_Sym);
  sections[SectionIndex::SymbolNames] =
      makeSection(symbolNamesName, SHT_STRTAB, 0, symbolNamesAt,
                  symbolNames.get().size(), 1);
  sections[SectionIndex::SectionNames] =
      makeSection(sectionNamesName, SHT_STRTAB, 0, sectionNamesAt,
                  sectionNames.get().size(), 1);
  sections[SectionIndex::Data] =
      makeSection(dataName, SHT_PROGBITS, SHF_ALLOC | SHF_X86_64_LARGE, dataAt,
                  weights.getBytes(), alignment);
  writeRaw(os, sections);
}
