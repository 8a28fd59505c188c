import Core
import Cryptography
import Ledger
import Testing

/// Two entries written out by hand. Every digest was computed by `sha256sum` over the line above it, and the signature
/// by `openssl pkeyutl -sign` with the key of RFC 8032, section 7.1, test 1: nothing here was made by this code.
struct GoldenEntryTests {
    static let firstPayload = #"{"data":{"odometer_km":45210},"salt":"000102030405060708090a0b0c0d0e0f"}"#
    // printf '%s' … | sha256sum: dc8b83c5e67739c55292516445b7dc5d0f756e8cf3d9dcfe4a7763d26f4d5eb4

    static let firstEnvelope = [
        #"{"kind":"odometer.read","log":"localhost/chexin","occurred_at":"2026-03-01T08:00:00.000Z","#,
        #""payload":"dc8b83c5e67739c55292516445b7dc5d0f756e8cf3d9dcfe4a7763d26f4d5eb4","#,
        #""prev":"0000000000000000000000000000000000000000000000000000000000000000","#,
        #""recorded_at":"2026-03-01T08:00:05.250Z","ref":"WO-2026-0001","seq":0,"#,
        #""source":"org_01jd3v9x5k8m2n4p6q7r8s9t0v","v":1,"vin":"LSVAU2187N2123456"}"#,
    ].joined()
    static let firstHash = "08ad8385b833680c462b98618075ac1781b9c1934b67ea7ce72773c18e100e2e"

    static let secondPayload =
        #"{"data":{"data":{"odometer_km":42510},"reason":"录入错误 \"45210\""},"salt":"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"}"#
    // printf '%s' … | sha256sum: 5e21db278819010a753de558736ba7f97b2247d62961918b2d7c71fcc23ce1b0

    static let secondSignedText = [
        #"{"data":{"data":{"odometer_km":42510},"reason":"录入错误 \"45210\""},"kind":"entry.corrected","#,
        #""log":"localhost/chexin","occurred_at":"2026-03-02T01:02:03.004Z","ref":"更正-7/\"A\\","#,
        #""source":"org_01jd3v9x5k8m2n4p6q7r8s9t0v","vin":"LSVAU2187N2123456"}"#,
    ].joined()
    static let secondSignature =
        "Lijs8/Yu/g98fCtMfEFmjkaDsoDT+Ld35rQKL1lviRwtzudjQUJfnJn4f6UzCca0D62mBj+0wfpWtW6i8feaCw=="

    static let secondEnvelope = [
        #"{"corrects":"08ad8385b833680c462b98618075ac1781b9c1934b67ea7ce72773c18e100e2e","key":"key_2026","#,
        #""kind":"entry.corrected","log":"localhost/chexin","occurred_at":"2026-03-02T01:02:03.004Z","#,
        #""payload":"5e21db278819010a753de558736ba7f97b2247d62961918b2d7c71fcc23ce1b0","#,
        #""prev":"08ad8385b833680c462b98618075ac1781b9c1934b67ea7ce72773c18e100e2e","#,
        #""recorded_at":"2026-03-02T01:02:04.000Z","ref":"更正-7/\"A\\","seq":1,"#,
        #""sig":"Lijs8/Yu/g98fCtMfEFmjkaDsoDT+Ld35rQKL1lviRwtzudjQUJfnJn4f6UzCca0D62mBj+0wfpWtW6i8feaCw==","#,
        #""source":"org_01jd3v9x5k8m2n4p6q7r8s9t0v","v":1,"vin":"LSVAU2187N2123456"}"#,
    ].joined()
    static let secondHash = "c70a0229a91ab04b40dc85f552ed3fe647a72e99b0a22bd677047b8613b7abd8"

    let key = try! Ed25519.PrivateKey(
        seed: SecretBytes([UInt8](lowercaseHex: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")!)
    )

    func first() throws -> Entry {
        let statement = try Statement(
            data: ["odometer_km": 45_210],
            kind: EventKind(parsing: "odometer.read"),
            log: "localhost/chexin",
            occurredAt: Instant(rfc3339: "2026-03-01T16:00:00.000999+08:00")!,
            ref: "WO-2026-0001",
            source: "org_01jd3v9x5k8m2n4p6q7r8s9t0v",
            vin: "LSVAU2187N2123456"
        )
        return try Chain.append(
            statement,
            to: nil,
            recordedAt: Instant(rfc3339: "2026-03-01T08:00:05.250999Z")!,
            salt: Salt(bytes: (0...15).map { UInt8($0) })!
        )
    }

    func secondStatement() throws -> Statement {
        try Statement(
            data: ["reason": "录入错误 \"45210\"", "data": ["odometer_km": 42_510]],
            kind: .entryCorrected,
            log: "localhost/chexin",
            occurredAt: Instant(rfc3339: "2026-03-02T01:02:03.004Z")!,
            ref: "更正-7/\"A\\",
            source: "org_01jd3v9x5k8m2n4p6q7r8s9t0v",
            vin: "LSVAU2187N2123456"
        )
    }

    func second(after first: Entry) throws -> Entry {
        try Chain.append(
            secondStatement(),
            signature: SourceSignature(key: "key_2026", base64: Self.secondSignature),
            corrects: first.hash,
            to: first.head,
            recordedAt: Instant(rfc3339: "2026-03-02T01:02:04.000Z")!,
            salt: Salt(bytes: (0xF0...0xFF).map { UInt8($0) })!
        )
    }

    @Test func `the first entry has these bytes and this hash`() throws {
        let entry = try first()
        #expect(String(decoding: entry.payloadBytes, as: UTF8.self) == Self.firstPayload)
        #expect(String(decoding: entry.envelopeBytes, as: UTF8.self) == Self.firstEnvelope)
        #expect(entry.hash.hex == Self.firstHash)
        #expect(SHA256.hash(Self.firstEnvelope.utf8).hex == Self.firstHash)
    }

    @Test func `a signed correction has these bytes and this hash`() throws {
        let entry = try second(after: first())
        #expect(String(decoding: entry.payloadBytes, as: UTF8.self) == Self.secondPayload)
        #expect(String(decoding: entry.envelopeBytes, as: UTF8.self) == Self.secondEnvelope)
        #expect(entry.hash.hex == Self.secondHash)
    }

    @Test func `the source signs these bytes`() throws {
        let statement = try secondStatement()
        #expect(String(decoding: statement.signedBytes, as: UTF8.self) == Self.secondSignedText)
        let signature = try SourceSignature(key: "key_2026", base64: Self.secondSignature)
        #expect(statement.isSigned(by: key.publicKey, signature))
        #expect(try statement.signed(with: key, id: "key_2026") == signature)
        #expect(signature.base64 == Self.secondSignature)
    }

    @Test func `both verify from their bytes alone`() {
        let entries = [
            StoredEntry(
                envelope: Array(Self.firstEnvelope.utf8),
                payload: Array(Self.firstPayload.utf8),
                hash: Digest(hex: Self.firstHash)
            ),
            StoredEntry(
                envelope: Array(Self.secondEnvelope.utf8),
                payload: Array(Self.secondPayload.utf8),
                hash: Digest(hex: Self.secondHash)
            ),
        ]
        let verdict = ChainVerifier.verify(entries, vin: "LSVAU2187N2123456", log: "localhost/chexin") { source, id in
            source == "org_01jd3v9x5k8m2n4p6q7r8s9t0v" && id == "key_2026" ? key.publicKey : nil
        }
        #expect(verdict.failures == "")
        #expect(verdict.isGenuine)
        #expect(verdict.signatureCount == 1)
        #expect(verdict.head?.hex == Self.secondHash)
    }

    @Test func `both read back as what they were made of`() throws {
        let first = try first()
        let second = try second(after: first)
        #expect(try Envelope.parse(Array(Self.firstEnvelope.utf8)) == first.envelope)
        #expect(try Envelope.parse(Array(Self.secondEnvelope.utf8)) == second.envelope)
        #expect(try Payload.parse(Array(Self.firstPayload.utf8)) == first.payload)
        #expect(try Payload.parse(Array(Self.secondPayload.utf8)).canonicalBytes == second.payloadBytes)
        #expect(try second.envelope.statement(data: second.payload.data) == secondStatement())
    }
}
