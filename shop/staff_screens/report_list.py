"""Which of Oscar's reports the dashboard offers."""

from oscar.apps.dashboard.reports.utils import GeneratorRepository

from shop.staff_screens.reports import REPORTS


class ReportList(GeneratorRepository):
    generators = [report for report in GeneratorRepository.generators if report.code in REPORTS]
