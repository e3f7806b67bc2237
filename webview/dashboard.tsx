import './style/base.css';
import './style/run.css';
import './style/dashboard.css';
import { DashboardView } from './components/dashboardView';
import { mount } from './mount';

mount(DashboardView);
