import Core
import Testing

@testable import Cryptography

struct RecoveryCodeTests {
    private let pepper = SecretBytes([UInt8](repeating: 7, count: 32))

    @Test func `a set has ten different codes in groups of four`() throws {
        let form = /[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}/
        let codes = RecoveryCode.randomSet()
        #expect(codes.count == 10)
        #expect(Set(codes.map(\.text)).count == 10)
        for code in codes { #expect(code.text.wholeMatch(of: form) != nil) }
    }

    @Test func `every digit is drawn in every place`() {
        var seen = [Set<Character>](repeating: [], count: 19)
        for _ in 0..<2000 {
            for (place, digit) in RecoveryCode.random().text.enumerated() { seen[place].insert(digit) }
        }
        #expect(seen.enumerated().allSatisfy { $1.count == ($0 % 5 == 4 ? 1 : 32) })
    }

    @Test(arguments: [
        "7K2M-QXR9-04TB-1WNE", "7k2mqxr904tb1wne", "7k2m qxr9 04tb 1wne", "7K2M-QXR9-O4TB-IWNE", "7k2m–qxr9–o4tb–lwne",
        " 7K2M-QXR9-04TB-1WNE ", "７Ｋ２Ｍ－ｑｘｒ９－０４ＴＢ－１ＷＮＥ", "7K2M\u{3000}QXR904TB1WNE",
    ])
    func `every way of writing a code is read as the same`(entered: String) throws {
        #expect(try #require(RecoveryCode(entered: entered)).text == "7K2M-QXR9-04TB-1WNE")
    }

    @Test(arguments: [
        "", "7K2M-QXR9-04TB-1WN", "7K2M-QXR9-04TB-1WNEE", "7K2M-QXR9-04TB-UWNE", "7K2M-QXR9-04TB-*WNE",
        "7K2M-QXR9-04TB-车WNE", "7K2M-QXR9-04TB-1WNE\n", String(repeating: "-", count: 100_000),
    ])
    func `anything else is refused`(entered: String) {
        #expect(RecoveryCode(entered: entered) == nil)
    }

    /// By Python's hmac over the four-byte length and the text of label and account, then the sixteen characters.
    @Test func `the hash of a known code is what it always was`() throws {
        let code = try #require(RecoveryCode(entered: "7K2M-QXR9-04TB-ZWNE"))
        #expect(
            code.authenticationCode(pepper: pepper, account: "usr_1").hex
                == "302467a0fc42e3714d3e0fc9e0767f77c857a62444adfbf7ee9dae17b022aae6"
        )
    }

    @Test func `a code is found among the stored ones, and in its own account alone`() throws {
        let codes = RecoveryCode.randomSet()
        let stored = codes.map { $0.authenticationCode(pepper: pepper, account: "usr_1") }
        for (index, code) in codes.enumerated() {
            let entered = try #require(RecoveryCode(entered: code.text.lowercased()))
            #expect(entered.find(in: stored, pepper: pepper, account: "usr_1") == index)
            #expect(entered.find(in: stored, pepper: pepper, account: "usr_2") == nil)
            #expect(entered.find(in: stored, pepper: SecretBytes([1]), account: "usr_1") == nil)
            let left = stored.filter { $0 != stored[index] }
            #expect(entered.find(in: left, pepper: pepper, account: "usr_1") == nil)
        }
        #expect(RecoveryCode.random().find(in: [], pepper: pepper, account: "usr_1") == nil)
    }

    @Test func `is never printed`() throws {
        let code = RecoveryCode.random()
        var dumped = ""
        dump(code, to: &dumped)
        for text in ["\(code)", String(reflecting: code), dumped] { #expect(text.contains("<redacted>")) }
        #expect(Mirror(reflecting: code).children.isEmpty)
    }
}
