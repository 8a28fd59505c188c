package import Core
import Cryptography

/// Whose word is needed for a checkpoint to count (C2SP *tlog-policy*): the log's own, and a quorum of witnesses.
package struct LogPolicy: Sendable, Hashable {
    package struct Log: Sendable, Hashable {
        package let key: VerifierKey
        package let url: String?
    }

    package struct Witness: Sendable, Hashable {
        package let name: String
        package let key: VerifierKey
        package let url: String?
    }

    struct Group: Sendable, Hashable {
        let name: String
        let threshold: Int
        let members: [String]
    }

    package let logs: [Log]
    package let witnesses: [Witness]
    let groups: [Group]
    /// Name of a witness or a group; `nil` where no witness is needed.
    let quorum: String?

    /// Every key that a signature may be by.
    package var keys: [VerifierKey] { logs.map(\.key) + witnesses.map(\.key) }

    /// Where a checkpoint is looked at only for the signature of its log.
    package init(log key: VerifierKey) {
        self.init(logs: [Log(key: key, url: nil)], witnesses: [], groups: [], quorum: nil)
    }

    init(logs: [Log], witnesses: [Witness], groups: [Group], quorum: String?) {
        self.logs = logs
        self.witnesses = witnesses
        self.groups = groups
        self.quorum = quorum
    }

    /// Whether so many of the witnesses have signed as the quorum wants.
    package func isSatisfied(by signatures: [VerifiedSignature]) -> Bool {
        guard let quorum else { return true }
        let signed = Set(signatures.map(\.key))
        var satisfied = Set(witnesses.filter { signed.contains($0.key) }.map(\.name))
        // Members stand before their groups, so that one pass is enough.
        for group in groups where group.members.count(where: satisfied.contains) >= group.threshold {
            satisfied.insert(group.name)
        }
        return satisfied.contains(quorum)
    }

    /// The checkpoint of a note that a log of the policy signed for its own origin and that has its quorum.
    package func checkpoint(in note: SignedNote) throws(NoteError) -> Checkpoint {
        guard let checkpoint = Checkpoint(parsing: note.text) else { throw .malformed }
        let signatures = try note.verified(by: keys)
        let isByLog = signatures.contains { signature in
            signature.key.name == checkpoint.origin && logs.contains { $0.key == signature.key }
        }
        guard isByLog, isSatisfied(by: signatures) else { throw .noKnownSignature }
        return checkpoint
    }
}

/// The first line of a policy that cannot be taken, counted from 1; 0 is the whole.
package struct PolicyError: Error, Sendable, Hashable {
    package let line: Int
    package let detail: LocalizedText
}

extension LogPolicy {
    /// Who has to sign besides the log, for a program that reads no policy.
    package var witnessesJSON: JSON {
        [
            "witnesses": .array(witnesses.map { ["name": .string($0.name), "key": .string($0.key.text)] }),
            "groups": .array(
                groups.map { group in
                    [
                        "name": .string(group.name), "threshold": .integer(Int64(group.threshold)),
                        "members": .array(group.members.map { .string($0) }),
                    ]
                }
            ),
            "quorum": .optional(quorum) { .string($0) },
        ]
    }
}
