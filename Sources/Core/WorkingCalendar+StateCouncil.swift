extension WorkingCalendar {
    /// The notices of the General Office of the State Council on the holidays of each year.
    package static let stateCouncil = WorkingCalendar(
        version: "cn-state-council-2020-2026",
        notices: [
            Notice(
                2020,
                "http://www.gov.cn/zhengce/zhengceku/2019-11/21/content_5454164.htm",
                "http://www.gov.cn/zhengce/zhengceku/2020-01/27/content_5472352.htm",
                rest: [(101, 101), (124, 202), (404, 406), (501, 505), (625, 627), (1001, 1008)],
                work: [119, 426, 509, 628, 927, 1010]
            ),
            Notice(
                2021,
                "http://www.gov.cn/zhengce/zhengceku/2020-11/25/content_5564127.htm",
                rest: [(101, 103), (211, 217), (403, 405), (501, 505), (612, 614), (919, 921), (1001, 1007)],
                work: [207, 220, 425, 508, 918, 926, 1009]
            ),
            Notice(
                2022,
                "http://www.gov.cn/zhengce/zhengceku/2021-10/25/content_5644835.htm",
                rest: [(101, 103), (131, 206), (403, 405), (430, 504), (603, 605), (910, 912), (1001, 1007)],
                work: [129, 130, 402, 424, 507, 1008, 1009]
            ),
            Notice(
                2023,
                "http://www.gov.cn/zhengce/zhengceku/2022-12/08/content_5730844.htm",
                rest: [(1231, 102), (121, 127), (405, 405), (429, 503), (622, 624), (929, 1006)],
                work: [128, 129, 423, 506, 625, 1007, 1008]
            ),
            Notice(
                2024,
                "https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm",
                rest: [(101, 101), (210, 217), (404, 406), (501, 505), (610, 610), (915, 917), (1001, 1007)],
                work: [204, 218, 407, 428, 511, 914, 929, 1012]
            ),
            Notice(
                2025,
                "https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm",
                rest: [(101, 101), (128, 204), (404, 406), (501, 505), (531, 602), (1001, 1008)],
                work: [126, 208, 427, 928, 1011]
            ),
            Notice(
                2026,
                "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
                rest: [(101, 103), (215, 223), (404, 406), (501, 505), (619, 621), (925, 927), (1001, 1007)],
                work: [104, 214, 228, 509, 920, 1010]
            ),
        ]
    )
}

extension WorkingCalendar.Notice {
    /// Days are written as month × 100 + day. A range that ends before it begins starts in the year before.
    fileprivate init(_ year: Int, _ sources: String..., rest: [(first: Int, last: Int)], work: [Int]) {
        let date = { (day: Int, year: Int) in
            CalendarDate(unchecked: (year: year, month: day / 100, day: day % 100))
        }
        self.init(
            year: year,
            sources: sources,
            restDays: rest.map { date($0.first, $0.first > $0.last ? year - 1 : year)...date($0.last, year) },
            makeUpDays: work.map { date($0, year) }
        )
    }
}
