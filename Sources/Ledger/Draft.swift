import Core
package import Cryptography

/// All of an entry that does not depend on where in the chain it comes: most of the work of making one, done before
/// anybody has to wait for the end of the chain.
package struct Draft: Sendable {
    package let statement: Statement
    package let signature: SourceSignature?
    /// Hash of the entry that the statement corrects or retracts.
    package let corrects: Digest?
    let payload: Payload
    let payloadBytes: [UInt8]
    let payloadDigest: Digest

    /// - Parameter signature: the source's; whether it is right is for the caller to check, who knows the source's
    /// keys.
    /// - Parameter corrects: hash of the entry that `statement` corrects or retracts, and of no other kind of
    /// statement.
    /// - Throws: `Failure.invalidRequest`, naming `/corrects`, where kind and `corrects` do not go together.
    package init(
        _ statement: Statement,
        signature: SourceSignature? = nil,
        corrects: Digest? = nil,
        salt: Salt
    ) throws {
        try Draft.checkCorrection(statement.kind, corrects)
        self.statement = statement
        self.signature = signature
        self.corrects = corrects
        payload = Payload(data: statement.data, salt: salt)
        payloadBytes = payload.canonicalBytes
        payloadDigest = SHA256.hash(payloadBytes)
    }

    private static func checkCorrection(_ kind: EventKind, _ corrects: Digest?) throws {
        switch (kind.corrects, corrects) {
        case (true, .some), (false, nil):
            return
        case (true, nil):
            throw Failure(
                .invalidRequest,
                faults: [
                    Fault(
                        "/corrects",
                        "required",
                        zh: "更正或撤回须指明所针对的记录",
                        en: "A correction names the entry that it is about"
                    )
                ]
            )
        case (false, .some):
            throw Failure(
                .invalidRequest,
                faults: [
                    Fault(
                        "/corrects",
                        "not_allowed",
                        zh: "只有 entry.corrected 与 entry.retracted 可以指明所针对的记录",
                        en: "Only entry.corrected and entry.retracted name another entry here"
                    )
                ]
            )
        }
    }
}
