import Cryptography
import Testing

struct BlindIndexTests {
    private let index = BlindIndex(key: SecretBytes([UInt8](repeating: 7, count: 32)))

    /// By Python's hmac over the four-byte length and the text of label, kind and value; the first three bytes.
    @Test func `the index of a known value is what it always was`() {
        let table = """
            phone 13812345678 15584932
            resident_id 11010519491231002X 9655478
            name 张伟 429104
            """
        for row in rows(table) {
            #expect(index.index(of: row[1], BlindIndex.Kind(rawValue: row[0])!) == Int64(row[2])!)
        }
    }

    /// Each line is one value in many forms, the normalised one first.
    @Test func `every way of writing a value is found by any other`() {
        let table = """
            phone       13812345678 138-1234-5678 +8613812345678 008613812345678 86-138-1234-5678 １３８１２３４５６７８
            phone       02112345678 021-12345678 (021)12345678
            resident_id 11010519491231002X 11010519491231002x １１０１０５１９４９１２３１００２Ｘ
            email       li@example.com LI@Example.COM ｌｉ＠example.com
            plate       京A12345 京a12345 京A·12345 京A•12345
            name        买买提艾山 买买提·艾山 买买提•艾山
            name        johnsmith JohnSmith ＪohnSmith
            """
        for row in rows(table) {
            let kind = BlindIndex.Kind(rawValue: row[0])!
            for text in row.dropFirst(1) {
                #expect(kind.normalized(text) == row[1])
                #expect(index.index(of: text, kind) == index.index(of: row[1], kind))
                #expect(kind.normalized(" \(text)\u{3000}") == row[1])
            }
        }
    }

    @Test func `short numbers keep a beginning that looks like a country code`() {
        #expect(BlindIndex.Kind.phone.normalized("8612345") == "8612345")
        #expect(BlindIndex.Kind.phone.normalized("86123456789") == "86123456789")
    }

    @Test func `another kind and another key give another index`() {
        let byKind = BlindIndex.Kind.allCases.map { index.index(of: "13812345678", $0) }
        #expect(Set(byKind).count == byKind.count)
        let other = BlindIndex(key: SecretBytes([UInt8](repeating: 8, count: 32)))
        #expect(other.index(of: "13812345678", .phone) != index.index(of: "13812345678", .phone))
    }

    @Test func `indices are spread over all of their bits`() {
        let drawn = (0..<2000).map { index.index(of: "\(13_800_000_000 + $0)", .phone) }
        #expect(drawn.allSatisfy { (0..<1 << 24).contains($0) })
        // Of 2,000 in 2^24 a tenth of a pair is expected to be the same.
        #expect(Set(drawn).count > 1990)
        #expect(drawn.reduce(0, |) == 1 << 24 - 1)
    }
}
