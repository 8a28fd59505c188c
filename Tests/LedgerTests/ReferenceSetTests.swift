import Core
import Cryptography
import Testing

@testable import Ledger

struct ReferenceSetTests {
    static func insert(_ source: String, _ ref: String, into set: inout ReferenceSet) -> Bool {
        Array(source.utf8).withUnsafeBytes { source in
            Array(ref.utf8).withUnsafeBytes { ref in set.insert(source: source, ref: ref) }
        }
    }

    @Test(arguments: [0, 1, 1000])
    func `finds every repetition, however it has grown`(expectedCount: Int) {
        var set = ReferenceSet(expectedCount: expectedCount)
        for number in 0..<2000 { #expect(Self.insert("org_a", "WO-\(number)", into: &set)) }
        for number in 0..<2000 { #expect(!Self.insert("org_a", "WO-\(number)", into: &set)) }
    }

    @Test func `tells references apart that differ in one character or in their source`() {
        var set = ReferenceSet(expectedCount: 0)
        let pairs = [
            ("a", "b"), ("b", "a"), ("ab", ""), ("", "ab"), ("a", "bc"), ("ab", "c"), ("org_12345678", "1"),
            ("org_12345679", "1"), ("o", "12345678"), ("o", "123456780"), ("o", "12345678\u{0}"), ("o", "012345678"),
        ]
        for (source, ref) in pairs { #expect(Self.insert(source, ref, into: &set), "\(source) \(ref)") }
    }
}
