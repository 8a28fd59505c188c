package import Core
package import Cryptography

/// How an entry of kind `payload.erased` names the entry whose payload was erased: its data has the member `entry`,
/// that entry's hash. The erased entry stands earlier in the same chain.
///
/// The payload of such an entry must itself never be erased: nothing would tell any more that the other was erased on
/// record, and the chain would not verify.
package enum Erasure {
    package static let member = "entry"

    package static func target(data: JSON) -> Digest? {
        data[member]?.stringValue.flatMap { Digest(hex: $0) }
    }

    static func target(payload: [UInt8]) -> Digest? {
        (try? Payload.parse(payload)).flatMap { target(data: $0.data) }
    }
}
