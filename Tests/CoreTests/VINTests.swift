import Core
import Testing

@Suite struct VINTests {
    /// Chinese numbers are synthetic; the American and the German ones are public examples.
    private static let valid = rows(
        """
        # vin              digit  years
        LFV2A21K8G4012345  8      1986 2016
        LSVAU2187N2123456  7      1992 2022
        LGBH52E03JY123456  3      1988 2018
        LRW3E7EK5NC654321  5      1992 2022
        LC0CE6CB4P1000088  4      1993 2023
        LVSHCAMB9GE234567  9      1986 2016
        LHGCR1656H8012345  6      1987 2017
        1M8GDM9AXKP042788  X      1989 2019
        WDBEA30D3HA391172  3      1987 2017
        1GNEC233X9R191831  X      2009 2039
        11111111111111111  1      2001 2031
        """
    )

    private static let refused = rows(
        """
        LFV2A21K0G401234    length
        LFV2A21K0G40123456  length
        LFV2A21I0G4012345   charset
        lfv2a21k0g4012345   charset
        LFV2A21K0G40I2345   charset
        LFV2A21K8G40123４5   charset        # a full-width 4
        LFV2A21K8G40123车5   charset
        LFV2A21K5U4012345   year_code
        LFV2A21K804012345   year_code
        LFV2A21K0G4012345   check_digit
        LFV2A21K8G4012354   check_digit    # two neighbours exchanged
        1M8GDM9A0KP042788   check_digit
        5YJ3E1EA2KF131548   check_digit
        LSVAU2187N212A456   serial_digits
        1M8GDM9AXKP04278A   serial_digits
        """
    )

    @Test(arguments: valid)
    func `a valid number keeps its text, check digit and model years`(row: [String]) throws {
        let vin = try VIN(parsing: row[0])
        #expect(vin.text == row[0])
        #expect(vin.wmi == row[0].prefix(3))
        #expect(String(vin.expectedCheckDigit) == row[1])
        #expect(vin.modelYearCandidates.map(String.init) == Array(row[2...]))
        #expect(vin.warnings.isEmpty)
    }

    @Test(arguments: refused)
    func `a wrong number is refused with the first thing that is wrong`(row: [String]) {
        #expect(refusal(of: VIN.self, row[0]) == row[1])
    }

    @Test func `an empty and a huge text are refused by length`() {
        for text in ["", String(repeating: "1", count: 100_000)] {
            #expect(refusal(of: VIN.self, text) == "length")
        }
    }

    @Test(
        arguments: rows(
            """
            WP0ZZZ99ZTS392124  check_digit
            WDB9061131N59014A  serial_digits,check_digit
            VF1BB0R0F01234567  year_code,check_digit
            ZFA31200000123456  year_code,check_digit
            """
        )
    )
    func `a European number that breaks the custom parses with warnings`(row: [String]) throws {
        let vin = try VIN(parsing: row[0])
        #expect(vin.warnings.map(\.code).joined(separator: ",") == row[1])
    }

    @Test func `a European number must still have the length and the alphabet`() {
        #expect(refusal(of: VIN.self, "WP0ZZZ99ZTS39212") == "length")
        #expect(refusal(of: VIN.self, "WP0ZZZ99ZTS39212O") == "charset")
    }

    @Test func `a small American maker may have a letter in position 14`() throws {
        #expect(try VIN(parsing: withCheckDigit("1F9AB12CXKP0AB788")).warnings.isEmpty)
        let letterInPosition15 = withCheckDigit("1F9AB12CXKP0ABA88")
        #expect(refusal(of: VIN.self, letterInPosition15) == "serial_digits")
    }

    @Test func `a filler instead of a year code has no model years`() throws {
        #expect(try VIN(parsing: "ZFA31200000123456").modelYearCandidates.isEmpty)
    }

    @Test(arguments: ["I": "1", "O": "0", "Q": "0"])
    func `a letter that is not used is explained by the digit it resembles`(letter: String, digit: String) {
        do {
            _ = try VIN(parsing: "LFV2A21K8G401234" + letter)
            Issue.record("\(letter) was accepted")
        } catch {
            #expect(error.detail.zh.contains("第 17 位"))
            #expect(error.detail.zh.contains("数字 \(digit)"))
            #expect(error.detail.en.contains("is it a \(digit)?"))
        }
    }

    @Test func `every wrong digit and every exchange of neighbours is found`() throws {
        let good = Array("LFV2A21K8G4012345")
        for index in 13..<17 {
            for digit in "0123456789" where digit != good[index] {
                var other = good
                other[index] = digit
                #expect(refusal(of: VIN.self, String(other)) == "check_digit")
            }
        }
        for index in 13..<16 {
            var other = good
            other.swapAt(index, index + 1)
            #expect(refusal(of: VIN.self, String(other)) == "check_digit")
        }
    }

    /// The same number with the digit in position 9 that makes it check: found by trying all eleven.
    private func withCheckDigit(_ text: String) -> String {
        let candidates = "0123456789X".map { "\(text.prefix(8))\($0)\(text.dropFirst(9))" }
        return candidates.first(where: { refusal(of: VIN.self, $0) != "check_digit" }) ?? text
    }
}
