import Core
import Testing

@testable import Cryptography

struct OneTimeCodeTests {
    /// The secret of both RFCs.
    private static let secret = SecretBytes("12345678901234567890".utf8)
    private let totp = try! TOTP(secret: secret)

    private func at(_ seconds: Int64) -> Instant { Instant(microseconds: seconds * 1_000_000) }

    /// RFC 4226, appendix D.
    @Test func `agrees with RFC 4226`() throws {
        let table = """
            0 755224
            1 287082
            2 359152
            3 969429
            4 338314
            5 254676
            6 287922
            7 162583
            8 399871
            9 520489
            """
        for row in rows(table) {
            let code = try HOTP.code(Self.secret, counter: UInt64(row[0])!, digitCount: 6)
            #expect(String(decoding: code, as: UTF8.self) == row[1])
        }
    }

    /// RFC 6238, appendix B, the rows with SHA-1.
    @Test func `agrees with RFC 6238`() throws {
        let table = """
            59          94287082
            1111111109  07081804
            1111111111  14050471
            1234567890  89005924
            2000000000  69279037
            20000000000 65353130
            """
        for row in rows(table) {
            let step = TOTP.step(at: at(Int64(row[0])!))
            let code = try HOTP.code(Self.secret, counter: UInt64(step), digitCount: 8)
            #expect(String(decoding: code, as: UTF8.self) == row[1])
            #expect(try totp.code(at: at(Int64(row[0])!)) == row[1].suffix(6))
        }
    }

    /// 1,111,111,111 is the second of step 37037037 that comes first but one.
    @Test func `a code is good one step early and one late`() throws {
        let now = at(1_111_111_111)
        let step = TOTP.step(at: now)
        for distance in Int64(-3)...3 {
            let code = try totp.code(at: now.adding(seconds: distance * 30))
            let accepted = try totp.accept(code, at: now, after: nil)
            #expect(accepted == (abs(distance) <= 1 ? step + distance : nil), "\(distance)")
        }
    }

    @Test func `a code works once, and no older one after it`() throws {
        let now = at(1_111_111_111)
        let code = try totp.code(at: now)
        let step = try #require(try totp.accept(code, at: now, after: nil))
        #expect(try totp.accept(code, at: now, after: step) == nil)
        #expect(try totp.accept(code, at: now.adding(seconds: 20), after: step) == nil)
        let older = try totp.code(at: now.adding(seconds: -30))
        #expect(try totp.accept(older, at: now, after: step) == nil)
        let next = try totp.code(at: now.adding(seconds: 30))
        #expect(try totp.accept(next, at: now, after: step) == step + 1)
    }

    @Test func `steps begin every thirty seconds, before 1970 too`() {
        #expect([0, 29, 30, 59, 60].map { TOTP.step(at: at($0)) } == [0, 0, 1, 1, 2])
        #expect([-1, -30, -31].map { TOTP.step(at: at($0)) } == [-1, -1, -2])
    }

    @Test(arguments: ["050471", "050 471", " 050471 ", "０５０４７１", "050\u{3000}471"])
    func `digits may stand in groups and in full width`(entered: String) throws {
        #expect(try totp.accept(entered, at: at(1_111_111_111), after: nil) != nil)
    }

    @Test(arguments: [
        "", "050472", "05047", "0504711", "14050471", "05047l", "-50471", "050-471", "٠٥٠٤٧١", "050471\n",
        String(repeating: " ", count: 100_000), String(repeating: "0", count: 100_000),
    ])
    func `anything else is refused`(entered: String) throws {
        #expect(try totp.accept(entered, at: at(1_111_111_111), after: nil) == nil)
    }

    @Test(arguments: [0, 10, 19, 21, 32])
    func `a secret of another length is refused`(count: Int) {
        #expect(throws: CryptographyError.wrongLength(expected: 20, actual: count)) {
            _ = try TOTP(secret: SecretBytes([UInt8](repeating: 1, count: count)))
        }
    }

    @Test func `secrets are drawn anew`() {
        #expect(TOTP.random().secret.count == 20)
        #expect(TOTP.random().secret != TOTP.random().secret)
    }

    /// RFC 4648, section 10, without the padding.
    @Test func `agrees with RFC 4648`() {
        let table = """
            - -
            f MY
            fo MZXQ
            foo MZXW6
            foob MZXW6YQ
            fooba MZXW6YTB
            foobar MZXW6YTBOI
            """
        for row in rows(table) { #expect(Base32.encode(Array(row[0].utf8)) == row[1]) }
        #expect(totp.base32 == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    }

    @Test func `the URI names issuer and account, whatever they contain`() {
        let tail = "&algorithm=SHA1&digits=6&period=30"
        let start = "otpauth://totp/"
        let secret = "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer="
        #expect(
            totp.uri(issuer: "Chexin", account: "li@example.com")
                == start + "Chexin:li%40example.com" + secret + "Chexin" + tail
        )
        #expect(
            totp.uri(issuer: "车信", account: "张 伟")
                == start + "%E8%BD%A6%E4%BF%A1:%E5%BC%A0%20%E4%BC%9F" + secret + "%E8%BD%A6%E4%BF%A1" + tail
        )
        #expect(
            totp.uri(issuer: "A&B:C", account: "x/y?z#\"%")
                == start + "A%26B%3AC:x%2Fy%3Fz%23%22%25" + secret + "A%26B%3AC" + tail
        )
    }
}
