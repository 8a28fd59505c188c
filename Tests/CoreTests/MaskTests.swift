import Core
import Testing

struct MaskTests {
    private static let masks: [String: @Sendable (String) -> String] = [
        "phone": Mask.phone, "resident_id": Mask.residentID, "name": Mask.name, "plate": Mask.plate,
        "email": Mask.email, "bank_card": Mask.bankCard,
    ]

    private static let table = """
        phone       | 13812345678          | 138****5678
        phone       | 138-1234-5678        | 138****5678
        phone       | 138 1234 5678        | 138****5678
        phone       | +86 13812345678      | ****5678
        phone       | 021-12345678         | ****5678
        phone       | 02112345678          | ****5678
        phone       | 4008123              | ****8123
        phone       | 110                  | ****
        phone       | 123456               | ****
        phone       | 张伟                 | ****
        resident_id | 11010519491231002X   | 110***********002X
        resident_id | 110105491231002      | ****
        resident_id | 张伟                 | ****
        name        | 张伟                 | 张*
        name        | 欧阳娜娜             | 欧***
        name        | 买买提·艾山          | 买*****
        name        | John Smith           | J*********
        name        | 张                   | ****
        name        | 张三李四张三李四张三李四张三李四张三李四王 | ****
        plate       | 京A12345             | 京A***45
        plate       | 粤BD12345            | 粤B****45
        plate       | 粤Z1234港            | 粤Z***4港
        plate       | 京A1                 | ****
        email       | zhangwei@example.com | z***@example.com
        email       | ab@example.com       | a***@example.com
        email       | a@example.com        | ***@example.com
        email       | 张伟@example.cn      | 张***@example.cn
        email       | zhangwei             | ****
        email       | @example.com         | ****
        email       | a@b@example.com      | ****
        email       | a@localhost          | ****
        bank_card   | 6222021234567890123  | **** **** **** 0123
        bank_card   | 6222 0212 3456 7890  | **** **** **** 7890
        bank_card   | 62220212345          | ****
        bank_card   | 62220212345678901234 | ****
        """

    @Test(arguments: table.split(separator: "\n").map(String.init))
    func `shows what the rule allows`(row: String) throws {
        let cells = row.split(separator: "|").map { cell in
            String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        let mask = try #require(Self.masks[cells[0]])
        #expect(mask(cells[1]) == cells[2])
    }

    /// Whatever stands in whichever field: half of it at the least is not shown.
    @Test func `nothing comes out as it went in`() {
        var random = SeededRandom(seed: 7)
        let alphabet = Array("0123456789张伟京A@.· -xX粤")
        for (name, mask) in Self.masks {
            for _ in 0..<2000 {
                let length = Int.random(in: 0...24, using: &random)
                let text = String((0..<length).map { _ in alphabet.randomElement(using: &random)! })
                let masked = mask(text)
                #expect(masked != text && masked.contains("*"), "\(name): \(text)")
                // Of a mail address the domain is shown: it is nobody's own.
                guard name != "email" else { continue }
                #expect(masked.count { $0 != "*" && $0 != " " } * 2 <= max(text.count + 2, 8), "\(name): \(text)")
            }
        }
    }

    @Test func `an identity number is masked as everywhere`() throws {
        let today = CalendarDate(year: 2026, month: 1, day: 1)!
        #expect(try ResidentID(parsing: "11010519491231002X", today: today).masked == "110***********002X")
    }
}
