//===- FamiliarityTrainer.h - Prototypes of the training set ----*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TRAINING_FAMILIARITYTRAINER_H
#define ASSAY_PREDICTOR_TRAINING_FAMILIARITYTRAINER_H

#include "predictor/surrogate/Familiarity.h"
#include "predictor/training/RankTrainer.h"

namespace assay::predictor {

/// Mean and variance of each feature in which each family weighs the same,
/// whatever its size.
struct FamilyMoments {
  Eigen::RowVectorXd mean, variance;
};
FamilyMoments computeMoments(llvm::ArrayRef<Family> families);

/// Two subsets of the rows of each family, `share` of them in the second: at
/// least one, of a family of two rows or more.
struct FamilySplit {
  std::vector<Family> kept, heldOut;
};
FamilySplit splitFamilies(llvm::ArrayRef<Family> families, double share,
                          uint64_t seed);

/// At most `count` prototypes of raw features: half of them means of clusters
/// (k-means, as many for each family), where most networks are; half of them
/// the rows that are farthest from all others chosen before (Gonzalez 1985),
/// where a space has rare ones.
Familiarity fitFamiliarity(llvm::ArrayRef<Family> families, int count,
                           uint64_t seed);

/// The distance within which a network is familiar: half as far again as that
/// of all rows of `families` and of 99.9 % of held-out ones with prototypes
/// chosen without them.
double fitMaxDistance(llvm::ArrayRef<Family> families,
                      const Familiarity &familiarity, uint64_t seed);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TRAINING_FAMILIARITYTRAINER_H
