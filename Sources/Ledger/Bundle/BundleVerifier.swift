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
    /// Of the log: what the checkpoint says, as long as that is a log that one knows.
    let origin: String
    let checkpoint: NoteExamination
    let index: NoteExamination
    /// The car's key in the log; `nil` where it is not proven.
    let vehicle: Digest?
    let hashes: [Digest]

    init(bundle: ProofBundle, keys: BundleKeys) {
        self.bundle = bundle
        self.keys = keys
        let known = keys.policy.logs.map(\.key.name)
        let claimed = bundle.checkpoint.prefix { $0 != "\n" }
        origin = known.first { $0 == claimed } ?? known.first ?? ""
        checkpoint = NoteExamination(bundle.checkpoint, origin: origin, keys: keys.logKeys(origin: origin))
        index = NoteExamination(
            bundle.vehicles,
            origin: origin + Checkpoint.vehiclesSuffix,
            keys: keys.logKeys(origin: origin, suffix: Checkpoint.vehiclesSuffix)
        )
        vehicle = VehicleKey.verify(proof: bundle.vehicleProof, vin: bundle.vin, key: keys.vehicles)
        hashes = bundle.entries.map { SHA256.hash($0.stored.envelope) }
    }

    var verdicts: [BundleVerdict] {
        let format = BundleVerdict(.format, .passed, zh: "证明包格式正确", en: "The proof bundle is well formed")
        return [format] + chain + [
            checkpoint.verdict(.checkpointSignature), witnesses, vehicleKey, inclusion,
            index.verdict(.indexSignature), indexSize, completeness,
        ] + (bundle.asOf.map { [asOf($0)] } ?? [])
    }

    // MARK: The chain

    private var chain: [BundleVerdict] {
        var used: Set<SourceKey> = []
        let verdict = ChainVerifier.verify(bundle.entries.map(\.stored), vin: bundle.vin, log: origin) { source, id in
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

    /// The newest has to be proven; behind those that are not, none may be: each binds the one before it.
    private var inclusion: BundleVerdict {
        guard let vehicle, let checkpoint = checkpoint.checkpoint else { return unchecked(.inclusion) }
        let leaves = bundle.entries.compactMap(\.leaf)
        let proven = leaves.count
        let isNewest = bundle.entries.suffix(proven).allSatisfy { $0.leaf != nil } && (proven > 0 || hashes.isEmpty)
        let rises = zip(leaves, leaves.dropFirst()).allSatisfy { $0.index < $1.index }
        let isProven =
            isNewest && rises
            && zip(leaves, hashes.suffix(proven)).allSatisfy { leaf, hash in
                MerkleProof.includes(
                    leafHash: LogLeaf(vehicle: vehicle, entry: hash).hash,
                    index: leaf.index,
                    size: checkpoint.size,
                    root: checkpoint.root,
                    proof: leaf.hashes
                )
            }
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
        let count = hashes.count - bundle.entries.count { ($0.leaf?.index ?? 0) >= index.size }
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
                en: "The history is not complete: the vehicle index has more or fewer entries, or another newest one"
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

    // MARK: The moment

    private func asOf(_ moment: BundleMoment) -> BundleVerdict {
        guard (0...Int64(hashes.count)).contains(moment.entryCount) else { return notThen }
        let count = Int(moment.entryCount)
        guard moment.head == (count == 0 ? nil : hashes[count - 1]) else { return notThen }
        let envelopes = bundle.entries.map { try? Envelope.parse($0.stored.envelope) }
        let end = count == 0 ? nil : envelopes[count - 1]?.recordedAt
        let late = envelopes.dropFirst(count).count { envelope in
            guard let end, let envelope else { return false }
            return envelope.occurredAt < end
        }
        let since = hashes.count - count
        return BundleVerdict(
            .asOf,
            .passed,
            zh: "当时所示为前 \(count) 条；此后又记录 \(since) 条，其中 \(late) 条所述之事发生在此前",
            en: "What was shown then is the first \(count); recorded since: \(since), of which \(late)"
                + " tell of what had happened before"
        )
    }

    private var notThen: BundleVerdict {
        BundleVerdict(
            .asOf,
            .failed,
            zh: "所称当时的最新记录不在这条链的相应位置",
            en: "The head that is said to have been shown does not stand in that place of the chain"
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
