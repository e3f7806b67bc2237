import './style/base.css';
import './style/run.css';
import './style/panel.css';
import { PanelView } from './components/panelView';
import { mount } from './mount';

mount(PanelView);
