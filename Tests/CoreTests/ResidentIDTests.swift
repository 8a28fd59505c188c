import Core
import Testing

@Suite struct ResidentIDTests {
    private static let today = CalendarDate("2026-11-21")!

    /// The first two are printed in GB 11643-1999, the others are made up.
    @Test(
        arguments: rows(
            """
            11010519491231002X  1949-12-31  female  110***********002X
            440524188001010014  1880-01-01  male    440***********0014
            310101199003071230  1990-03-07  male    310***********1230
            510107198511204563  1985-11-20  female  510***********4563
            810000199806150019  1998-06-15  male    810***********0019
            """
        )
    )
    func `a valid number gives birth date and sex, and shows itself masked`(row: [String]) throws {
        let id = try ResidentID(parsing: row[0], today: Self.today)
        #expect(id.clearText == row[0])
        #expect(id.birthDate.description == row[1])
        #expect(id.sex.rawValue == row[2])
        #expect(id.masked == row[3])
    }

    @Test(
        arguments: rows(
            """
            1101051949123100     length
            1101051949123100211  length
            11010519491231002x   charset
            1101051949123100X2   charset
            11010519491231002车  charset
            000105194912310026   region
            160105194912310021   region
            720105194912310021   region
            110105199002300023   birth       # 30 February
            110105000001010023   birth       # no year 0
            110105202611220023   birth       # tomorrow
            110105194912310021   check_digit
            990105194912310020   check_digit # foreigners' numbers begin with 9
            """
        )
    )
    func `a wrong number is refused with the first thing that is wrong`(row: [String]) {
        #expect(residentIDRefusal(row[0], today: Self.today) == row[1])
    }

    @Test func `somebody born today exists, and does not yet exist yesterday`() {
        let body = "11010520261121002"
        let codes = { (today: CalendarDate) in
            Set(
                "0123456789X".map { digit in
                    residentIDRefusal(body + String(digit), today: today)
                }
            )
        }
        #expect(codes(Self.today) == [nil, "check_digit"])
        #expect(codes(Self.today.adding(days: -1)) == ["birth"])
    }

    @Test func `no way of printing gives the number away`() throws {
        let id = try ResidentID(parsing: "11010519491231002X", today: Self.today)
        var dumped = ""
        dump(["owner": id], to: &dumped)
        for printed in ["\(id)", String(describing: id), String(reflecting: id), "\(Optional(id) as Any)", dumped] {
            #expect(printed.contains("110***********002X"))
            #expect(!printed.contains("19491231"))
        }
    }

    private func residentIDRefusal(_ text: String, today: CalendarDate) -> String? {
        do {
            _ = try ResidentID(parsing: text, today: today)
            return nil
        } catch {
            return error.code
        }
    }
}
