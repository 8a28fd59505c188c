import Core
import Cryptography

/// The members of an envelope as they stand in its bytes, and valid only as long as those bytes are. Texts are without
/// their quotes; an escape in one is still an escape.
struct ScannedEnvelope {
    var corrects: Digest?
    var key: UnsafeRawBufferPointer?
    var kind: UnsafeRawBufferPointer
    var log: UnsafeRawBufferPointer
    /// Whether `log` is the one that was expected.
    var isOfExpectedLog: Bool
    var occurredAt: UnsafeRawBufferPointer
    var payload: Digest
    var previous: Digest
    var recordedAt: UnsafeRawBufferPointer
    var ref: UnsafeRawBufferPointer
    var seq: Int64
    var signature: UnsafeRawBufferPointer?
    var source: UnsafeRawBufferPointer
    var vin: UnsafeRawBufferPointer
    var isOfExpectedVehicle: Bool
}

/// What an envelope is expected to say: what agrees with it need not be looked at more closely.
struct ExpectedMembers {
    /// As it stands between the quotes. Must be allowed in an envelope, or empty, which agrees with nothing; so must
    /// `vin`.
    var log = UnsafeRawBufferPointer(start: nil, count: 0)
    var vin = UnsafeRawBufferPointer(start: nil, count: 0)
    var previous: Digest?
    var payload: Digest?
}

/// Reads the canonical form of a version 1 envelope in one pass and without allocating.
///
/// The canonical form fixes every byte but the values, so there is nothing to look up: each member is expected where it
/// must stand, and whatever is accepted is canonical.
struct EnvelopeScanner {
    private var position: UnsafeRawPointer
    private let end: UnsafeRawPointer

    static func scan(
        _ bytes: UnsafeRawBufferPointer,
        expecting expected: ExpectedMembers = ExpectedMembers()
    ) throws(EnvelopeError) -> ScannedEnvelope {
        guard let start = bytes.baseAddress else { throw .notOneObject }
        var scanner = EnvelopeScanner(position: start, end: start + bytes.count)
        return try scanner.envelope(expected)
    }

    private mutating func envelope(_ expected: ExpectedMembers) throws(EnvelopeError) -> ScannedEnvelope {
        guard skip("{") else { throw .notOneObject }
        let corrects = try optionalCorrects()
        let key = try optionalKey()
        try expect(.kind, #""kind":""#)
        let kind = try kind()
        try expect(.log, #","log":""#)
        let expectedLog = take(expected.log)
        let log = if let expectedLog { expectedLog } else { try text(.log) }
        try expect(.occurredAt, #","occurred_at":""#)
        let occurredAt = try time(.occurredAt)
        try expect(.payload, #","payload":""#)
        let payload = try digest(.payload, expected: expected.payload)
        try expect(.previous, #","prev":""#)
        let previous = try digest(.previous, expected: expected.previous)
        try expect(.recordedAt, #","recorded_at":""#)
        let recordedAt = try time(.recordedAt)
        try expect(.ref, #","ref":""#)
        let ref = try text(.ref)
        try expect(.seq, #","seq":"#)
        let seq = try integer(.seq)
        let signature = try signature(isExpected: key != nil)
        try expect(.source, #","source":""#)
        let source = try text(.source)
        try expect(.version, #","v":"#)
        guard skip("1") else { throw .wrongValue(.version) }
        try expect(.vin, #","vin":""#)
        let expectedVIN = take(expected.vin)
        let vin = if let expectedVIN { expectedVIN } else { try vin() }
        guard skip("}"), position == end else { throw .notOneObject }
        return ScannedEnvelope(
            corrects: corrects,
            key: key,
            kind: kind,
            log: log,
            isOfExpectedLog: expectedLog != nil,
            occurredAt: occurredAt,
            payload: payload,
            previous: previous,
            recordedAt: recordedAt,
            ref: ref,
            seq: seq,
            signature: signature,
            source: source,
            vin: vin,
            isOfExpectedVehicle: expectedVIN != nil
        )
    }

    // MARK: Members

    private mutating func optionalCorrects() throws(EnvelopeError) -> Digest? {
        guard skip(#""corrects":""#) else { return nil }
        let digest = try digest(.corrects)
        guard skip(",") else { throw .misplaced(.kind) }
        return digest
    }

    private mutating func optionalKey() throws(EnvelopeError) -> UnsafeRawBufferPointer? {
        guard skip(#""key":""#) else { return nil }
        let key = try text(.key)
        guard skip(",") else { throw .misplaced(.kind) }
        return key
    }

    @inline(__always)
    private mutating func kind() throws(EnvelopeError) -> UnsafeRawBufferPointer {
        guard let count = EventKind.prefixCount(from: position, to: end), let kind = take(count) else {
            throw .wrongValue(.kind)
        }
        return kind
    }

    @inline(__always)
    private mutating func time(_ member: EnvelopeMember) throws(EnvelopeError) -> UnsafeRawBufferPointer {
        guard let time = take(LedgerTime.byteCount), LedgerTime.isValid(time) else { throw .wrongValue(member) }
        return time
    }

    @inline(__always)
    private mutating func digest(
        _ member: EnvelopeMember,
        expected: Digest? = nil
    ) throws(EnvelopeError) -> Digest {
        guard let digits = take(Digest.hexCount) else { throw .wrongValue(member) }
        if let expected, expected.isWritten(in: digits) { return expected }
        guard let digest = Digest(hexDigits: digits) else { throw .wrongValue(member) }
        return digest
    }

    @inline(__always)
    private mutating func vin() throws(EnvelopeError) -> UnsafeRawBufferPointer {
        guard let vin = take(LedgerVIN.byteCount), LedgerVIN.isValid(vin) else { throw .wrongValue(.vin) }
        return vin
    }

    /// `key` and `sig` stand together or not at all.
    private mutating func signature(isExpected: Bool) throws(EnvelopeError) -> UnsafeRawBufferPointer? {
        guard isExpected else { return nil }
        try expect(.signature, #","sig":""#)
        guard let digits = take(SourceSignature.base64Count), SourceSignature.isBase64(digits) else {
            throw .wrongValue(.signature)
        }
        return digits
    }

    @inline(__always)
    private mutating func integer(_ member: EnvelopeMember) throws(EnvelopeError) -> Int64 {
        let start = position
        var value: Int64 = 0
        // 16 digits hold every allowed number, and cannot overflow.
        while position < end, position - start < 16, let digit = decimalValue(byte(0)) {
            value = value * 10 + digit
            position += 1
        }
        let hasLeadingZero = position - start > 1 && start.load(as: UInt8.self) == UInt8(ascii: "0")
        guard position > start, !hasLeadingZero, value <= JSON.maximumInteger else { throw .wrongValue(member) }
        return value
    }

    // MARK: Texts

    @inline(__always)
    private mutating func text(_ member: EnvelopeMember) throws(EnvelopeError) -> UnsafeRawBufferPointer {
        guard let text = take(plainPrefixCount()) else { return try textBeyondASCII(member) }
        guard LedgerText.isValid(plain: text) else { throw .wrongValue(member) }
        return text
    }

    /// A text with escapes or characters beyond ASCII, read the slow way.
    private mutating func textBeyondASCII(_ member: EnvelopeMember) throws(EnvelopeError) -> UnsafeRawBufferPointer {
        var count = 0
        while count < end - position, byte(count) != UInt8(ascii: "\"") {
            count += byte(count) == UInt8(ascii: "\\") ? 2 : 1
        }
        guard let text = take(count), let unescaped = LedgerText.unescaped(text), LedgerText.isValid(unescaped) else {
            throw .wrongValue(member)
        }
        return text
    }

    /// How many bytes from here on stand for themselves. Every text of an envelope has at least eight bytes behind it;
    /// the count is of no use where fewer are left.
    @inline(__always)
    private func plainPrefixCount() -> Int {
        var limit = position
        while end - limit >= 8 {
            let count = Lanes(limit).plainPrefixCount
            limit += count
            if count < 8 { break }
        }
        return limit - position
    }

    // MARK: Small steps

    /// Passes over the next `count` bytes, if they are there and a quote ends them.
    @inline(__always)
    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count < end - position, byte(count) == UInt8(ascii: "\"") else { return nil }
        let value = UnsafeRawBufferPointer(start: position, count: count)
        position += count + 1
        return value
    }

    /// Passes over `expected`, if it is not empty and what stands here.
    @inline(__always)
    private mutating func take(_ expected: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let address = expected.baseAddress, expected.count > 0, expected.count < end - position,
            bytesAreEqual(position, address, count: expected.count)
        else { return nil }
        return take(expected.count)
    }

    @inline(__always)
    private mutating func expect(_ member: EnvelopeMember, _ literal: StaticString) throws(EnvelopeError) {
        guard skip(literal) else { throw .misplaced(member) }
    }

    /// Inlined, so that the literal's length is known and the comparison becomes a few machine words.
    @inline(__always)
    private mutating func skip(_ literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard count <= end - position, bytesAreEqual(position, literal.utf8Start, count: count) else { return false }
        position += count
        return true
    }

    /// - Parameter offset: from here; must be within the bytes.
    @inline(__always)
    private func byte(_ offset: Int) -> UInt8 {
        position.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    private func decimalValue(_ byte: UInt8) -> Int64? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int64(byte - UInt8(ascii: "0")) : nil
    }
}
