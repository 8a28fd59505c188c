import Core
import Cryptography

/// Verifies a car's history out of a bundle and a few keys.
package enum BundleVerifier {
    /// - Returns: one verdict for every check, in the order of a report.
    package static func verify(_ bundle: ProofBundle, keys: BundleKeys) -> [BundleVerdict] {
        BundleExamination(bundle: bundle, keys: keys).verdicts
    }

    /// The same for bytes; what is no bundle has one verdict, which says why.
    package static func verify(_ bytes: [UInt8], keys: BundleKeys) -> [BundleVerdict] {
        do throws(BundleError) {
            return verify(try ProofBundle(parsing: bytes), keys: keys)
        } catch {
            return [BundleVerdict(error)]
        }
    }
}

private struct BundleExamination {
    let bundle: ProofBundle
    let keys: BundleKeys
    let checkpoint: NoteExamination
    let index: NoteExamination
    /// The car's key in the log; `nil` where it is not proven.
    let vehicle: Digest?
    let hashes: [Digest]

    init(bundle: ProofBundle, keys: BundleKeys) {
        self.bundle = bundle
        self.keys = keys
        checkpoint = NoteExamination(bundle.checkpoint, origin: bundle.log, keys: keys.logKeys(origin: bundle.log))
        index = NoteExamination(
            bundle.vehicleIndex,
            origin: bundle.log + Checkpoint.vehiclesSuffix,
            keys: keys.logKeys(origin: bundle.log, suffix: Checkpoint.vehiclesSuffix)
        )
        vehicle = VehicleKey.verify(proof: bundle.vehicleProof, vin: bundle.vin, key: keys.vehicles)
        hashes = bundle.entries.map { SHA256.hash($0.envelope) }
    }

    var verdicts: [BundleVerdict] {
        let format = BundleVerdict(.format, .passed, zh: "证明包格式正确", en: "The proof bundle is well formed")
        return [format] + chain + [
            checkpoint.verdict(.checkpointSignature), witnesses, vehicleKey, inclusion,
            index.verdict(.indexSignature), indexSize, completeness,
        ]
    }

    // MARK: The chain

    private var chain: [BundleVerdict] {
        var used: Set<SourceKey> = []
        let verdict = ChainVerifier.verify(bundle.entries, vin: bundle.vin, log: bundle.log) { source, id in
            let key = bundle.sourceKeys.first { $0.source == source && $0.key == id }
            if let key { used.insert(key) }
            return key?.publicKey
        }
        let sealed = verdict.sealed.map { place in
            BundleVerdict(
                "sealed",
                .sealed,
                LocalizedText(
                    zh: "seq \(place.seq)（哈希 \(place.hash)）：已封存，内容已依法删除，摘要与链仍可核验",
                    en: "seq \(place.seq) (hash \(place.hash)): sealed, payload erased; digest and chain still verify"
                )
            )
        }
        return verdict.checks.map { BundleVerdict($0) } + sealed + [sourceKeys(used)]
    }

    /// A key that nothing is signed with could be anything.
    private func sourceKeys(_ used: Set<SourceKey>) -> BundleVerdict {
        let all = Set(bundle.sourceKeys)
        guard all.count == bundle.sourceKeys.count, all == used else {
            return BundleVerdict(
                .sourceKeys,
                .failed,
                zh: "证明包中有多余或重复的来源公钥",
                en: "The bundle has a source's key that nothing in it is signed with, or the same key twice"
            )
        }
        for key in bundle.sourceKeys {
            let known = keys.sources.first { $0.source == key.source && $0.key == key.key }
            if let known, known != key {
                return BundleVerdict(
                    .sourceKeys,
                    .failed,
                    zh: "来源 \(key.source) 的公钥 \(key.key) 与您所知的不同",
                    en: "The key \(key.key) of the source \(key.source) is not the one that you know"
                )
            }
        }
        let vouched = all.intersection(keys.sources).count
        return BundleVerdict(
            .sourceKeys,
            .passed,
            zh: "用到来源公钥 \(all.count) 把，其中 \(vouched) 把由您的密钥文件确认，其余以平台登记为准",
            en: "Keys of sources in use: \(all.count), of which your file of keys confirms \(vouched);"
                + " the others are as the platform states them"
        )
    }

    // MARK: The log

    private var witnesses: BundleVerdict {
        guard let note = checkpoint.note else {
            return BundleVerdict(.witnesses, .unchecked, zh: "检查点无法读取，未能核对见证方", en: "The checkpoint cannot be read")
        }
        do throws(NoteError) {
            let found = try verified(note)
            guard keys.policy.isSatisfied(by: found) else {
                return BundleVerdict(
                    .witnesses,
                    .failed,
                    zh: "见证方签名不足：仅有 \(found.count) 个",
                    en: "Too few witnesses have signed: \(found.count)"
                )
            }
            let names = found.map(\.key.name).joined(separator: ", ")
            return BundleVerdict(
                .witnesses,
                .passed,
                zh: found.isEmpty ? "策略不要求见证方" : "见证方已共同签名：\(names)",
                en: found.isEmpty ? "The policy asks for no witness" : "Witnesses have signed, too: \(names)"
            )
        } catch {
            return BundleVerdict(.witnesses, .failed, zh: "见证方签名无效", en: "A witness's signature is not valid")
        }
    }

    private func verified(_ note: SignedNote) throws(NoteError) -> [VerifiedSignature] {
        do throws(NoteError) {
            return try note.verified(by: keys.policy.witnesses.map(\.key))
        } catch .noKnownSignature {
            return []
        }
    }

    private var vehicleKey: BundleVerdict {
        vehicle == nil
            ? BundleVerdict(
                .vehicleKey,
                .failed,
                zh: "车辆标识的 VRF 证明无效：标识不属于这个车架号",
                en: "The VRF proof is not valid: the vehicle key is not that of this VIN"
            )
            : BundleVerdict(
                .vehicleKey,
                .passed,
                zh: "车辆标识由车架号唯一确定，VRF 证明有效",
                en: "The vehicle key is the only one for this VIN: its VRF proof is valid"
            )
    }

    private var inclusion: BundleVerdict {
        guard let vehicle, let checkpoint = checkpoint.checkpoint else { return unchecked(.inclusion) }
        let proven = bundle.leafIndexes.count
        let leaves = hashes.suffix(proven).map { LogLeaf(vehicle: vehicle, entry: $0).hash }
        let isProven =
            hashes.isEmpty
            ? proven == 0 && bundle.inclusion.isEmpty
            : MultiProof.root(
                leafHashes: leaves,
                indexes: bundle.leafIndexes,
                size: checkpoint.size,
                proof: bundle.inclusion
            ) == checkpoint.root
        guard isProven else {
            return BundleVerdict(
                .inclusion,
                .failed,
                zh: "有记录不在已签名的日志树中",
                en: "An entry is not in the tree that the log has signed"
            )
        }
        let bound = hashes.count - proven
        return BundleVerdict(
            .inclusion,
            .passed,
            zh: "日志树（\(checkpoint.size) 条）包含最新的 \(proven) 条记录"
                + (bound == 0 ? "" : "；更早的 \(bound) 条由哈希链固定在其中"),
            en: "The tree of \(checkpoint.size) entries holds the newest of this car (\(proven))"
                + (bound == 0 ? "" : "; those before them (\(bound)) are fixed by the chain of hashes")
        )
    }

    // MARK: The vehicle index

    private var indexSize: BundleVerdict {
        guard let checkpoint = checkpoint.checkpoint, let index = index.checkpoint else { return unchecked(.indexSize) }
        guard index.size <= checkpoint.size else {
            return BundleVerdict(
                .indexSize,
                .failed,
                zh: "车辆索引（至第 \(index.size) 条）超前于日志（\(checkpoint.size) 条）",
                en: "The vehicle index (\(index.size)) is ahead of the log (\(checkpoint.size))"
            )
        }
        return BundleVerdict(
            .indexSize,
            .passed,
            zh: "车辆索引覆盖日志前 \(index.size) 条，日志共 \(checkpoint.size) 条",
            en: "The vehicle index covers \(index.size) of the \(checkpoint.size) entries of the log"
        )
    }

    /// Entries that came after the index was made stand behind its size in the tree.
    private var completeness: BundleVerdict {
        guard let vehicle, let index = index.checkpoint else { return unchecked(.completeness) }
        let count = hashes.count - bundle.leafIndexes.count { $0 >= index.size }
        let root: Digest? =
            if count > 0 {
                bundle.indexProof.root(
                    including: VehicleHead(vehicle: vehicle, count: Int64(count), head: hashes[count - 1])
                )
            } else {
                bundle.indexProof.root(excluding: vehicle)
            }
        guard root == index.root else {
            return BundleVerdict(
                .completeness,
                .failed,
                zh: "记录不完整：车辆索引登记的条数或最新记录与此不符",
                en:
                    "The history is not complete: by the vehicle index there are more or fewer entries, or another newest"
            )
        }
        return BundleVerdict(
            .completeness,
            .passed,
            zh: count == 0
                ? "截至日志第 \(index.size) 条，这辆车没有记录"
                : "截至日志第 \(index.size) 条，这辆车恰有 \(count) 条记录，一条不少",
            en: count == 0
                ? "As of entry \(index.size) of the log there is none about this car"
                : "As of entry \(index.size) of the log there are exactly \(count) about this car: none is left out"
        )
    }

    private func unchecked(_ check: BundleCheck) -> BundleVerdict {
        BundleVerdict(
            check,
            .unchecked,
            zh: "所依据的内容未通过核验，此项无法核对",
            en: "What this rests on has failed, so that it cannot be checked"
        )
    }
}
