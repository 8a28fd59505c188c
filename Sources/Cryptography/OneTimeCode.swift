import COpenSSL
package import Core

/// One-time codes by a counter (RFC 4226).
enum HOTP {
    /// - Parameter digitCount: 6 to 8, as RFC 4226, section 5.3, has it.
    static func code(_ secret: SecretBytes, counter: UInt64, digitCount: Int) throws(CryptographyError) -> [UInt8] {
        let message = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: counter >> UInt64($0)) }
        let mac = try hmacSHA1(message, key: secret)
        // Dynamic truncation, RFC 4226, section 5.3: the last four bits say where the 31 bits stand.
        let offset = Int(mac[mac.count - 1] & 0xF)
        var number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        var digits = [UInt8](repeating: 0, count: digitCount)
        for index in digits.indices.reversed() {
            digits[index] = UInt8(ascii: "0") + UInt8(number % 10)
            number /= 10
        }
        return digits
    }

    /// SHA-1, because that is all that many authenticator apps compute. Its collisions do not weaken an HMAC.
    private static func hmacSHA1(_ message: [UInt8], key: SecretBytes) throws(CryptographyError) -> [UInt8] {
        guard let keyCount = Int32(exactly: key.count) else { throw .tooLong }
        var code = [UInt8](repeating: 0, count: 20)
        let result = key.withUnsafeBytes { key in
            HMAC(EVP_sha1(), key.baseAddress, keyCount, message, message.count, &code, nil)
        }
        guard result != nil else { throw .fromLibrary("HMAC") }
        return code
    }
}

/// The codes of an authenticator app (RFC 6238): six digits, a new one every 30 seconds.
package struct TOTP: Sendable {
    /// 160 bits, as RFC 4226, section 4, recommends.
    package static let keyByteCount = 20
    package static let digitCount = 6
    package static let stepSeconds: Int64 = 30
    /// How many steps the app's clock may be ahead or behind: RFC 6238, section 5.2, allows for one.
    package static let window: Int64 = 1

    /// To be stored encrypted.
    package let secret: SecretBytes

    package init(secret: SecretBytes) throws(CryptographyError) {
        guard secret.count == TOTP.keyByteCount else {
            throw .wrongLength(expected: TOTP.keyByteCount, actual: secret.count)
        }
        self.secret = secret
    }

    private init(drawn secret: SecretBytes) {
        self.secret = secret
    }

    package static func random() -> TOTP {
        TOTP(drawn: .random(count: keyByteCount))
    }

    /// Which step an instant is in, counted from 1970.
    package static func step(at instant: Instant) -> Int64 {
        instant.seconds(since: Instant(microseconds: 0)).floorDivided(by: stepSeconds)
    }

    /// The code that the app shows.
    package func code(at instant: Instant) throws(CryptographyError) -> String {
        String(decoding: try digits(of: TOTP.step(at: instant)), as: UTF8.self)
    }

    /// Every step of the window is computed and compared whole, so that the time does not tell which was near.
    /// - Parameter lastStep: the step that was accepted last. None up to it is accepted again, so that a code that was
    ///   looked at over a shoulder, or caught on the way, has had its use.
    /// - Returns: the step to store as the last, or `nil` where the code is wrong, or has been used.
    package func accept(
        _ entered: String,
        at instant: Instant,
        after lastStep: Int64?
    ) throws(CryptographyError) -> Int64? {
        guard let entered = TOTP.digits(in: entered) else { return nil }
        let current = TOTP.step(at: instant)
        var accepted: Int64?
        for step in current - TOTP.window...current + TOTP.window {
            let isRight = ConstantTime.equal(try digits(of: step), entered)
            // The latest, where two steps happen to have the same code: it must not be good for the other one still.
            if isRight, step > lastStep ?? .min { accepted = step }
        }
        return accepted
    }

    private func digits(of step: Int64) throws(CryptographyError) -> [UInt8] {
        try HOTP.code(secret, counter: UInt64(bitPattern: step), digitCount: TOTP.digitCount)
    }

    /// Apps show the code in two groups, and a Chinese keyboard may write full-width digits.
    private static func digits(in entered: String) -> [UInt8]? {
        guard entered.utf8.count <= 64 else { return nil }
        let digits = entered.unicodeScalars.filter { $0.properties.generalCategory != .spaceSeparator }
            .map { scalar in fullWidthDigits.contains(scalar) ? scalar.value - 0xFEE0 : scalar.value }
        guard digits.count == digitCount, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.map { UInt8($0) }
    }

    private static let fullWidthDigits: ClosedRange<Unicode.Scalar> = "\u{FF10}"..."\u{FF19}"
}

// MARK: - Enrolment

extension TOTP {
    /// For those who type the secret instead of taking a picture of it.
    package var base32: String { secret.withUnsafeBytes { Base32.encode($0) } }

    /// What the QR code says, in the key URI format of Google Authenticator, which other apps read, too. It holds the
    /// secret: shown once, never stored or logged.
    package func uri(issuer: String, account: String) -> String {
        let label = TOTP.percentEncoded(issuer) + ":" + TOTP.percentEncoded(account)
        let parameters = [
            "secret=\(base32)", "issuer=\(TOTP.percentEncoded(issuer))", "algorithm=SHA1",
            "digits=\(TOTP.digitCount)", "period=\(TOTP.stepSeconds)",
        ]
        return "otpauth://totp/\(label)?" + parameters.joined(separator: "&")
    }

    /// Everything but the unreserved characters of RFC 3986, section 2.3, so that a colon or an ampersand in a name
    /// separates nothing.
    private static func percentEncoded(_ text: String) -> String {
        let bytes = text.utf8.flatMap { byte in
            isUnreserved(byte)
                ? [byte] : [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 0xF)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: Array("-._~".utf8).contains(byte)
        }
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)
}

/// Base32 (RFC 4648, section 6), without the padding, which authenticator apps do not take.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: quintets(of: bytes).map { alphabet[Int($0)] }, as: UTF8.self)
    }

    /// Five bits each, the highest first; the last is filled up with zeros.
    static func quintets(of bytes: some Collection<UInt8>) -> [UInt8] {
        var quintets: [UInt8] = []
        var (group, bitCount) = (UInt32(0), UInt32(0))
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                quintets.append(UInt8(group >> bitCount & 31))
            }
            // What has been taken must not push out the bits to come.
            group &= (1 << bitCount) - 1
        }
        if bitCount > 0 { quintets.append(UInt8(group << (5 - bitCount) & 31)) }
        return quintets
    }
}
